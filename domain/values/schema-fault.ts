/** Values that a chart's `values.schema.json` does not allow, and which layer set them. Values themselves are never named. */
import { type Leaf, type Origin, type Path, pathText } from './effective.ts';
import { originText } from './origin-text.ts';

export interface SchemaFault {
  /** Of the value among all values; empty for the values as a whole. A number is a place in a list. */
  readonly path: Path;
  /** Such as `must be integer`: it goes after the key. */
  readonly because: string;
}

/**
 * Such as `webui-service-helm-values.environment.prod-eu version 3, line 12: replicas must be integer`. What is missing was set by
 * nobody, and is told without a layer.
 */
export function blameLayer(fault: SchemaFault, leaves: readonly Leaf[]): string {
  const key = fault.path.length === 0 ? 'the values' : pathText(fault.path);
  const origin = originOf(fault.path, leaves);
  return origin === undefined ? `${key} ${fault.because}` : `${originText(origin)}: ${key} ${fault.because}`;
}

/** All faults in one sentence, the first few of them; for a failure's `because`. */
export function blameLayers(faults: readonly SchemaFault[], leaves: readonly Leaf[]): string {
  const told = faults.slice(0, MOST_TOLD).map((fault) => blameLayer(fault, leaves));
  const more = faults.length - told.length;
  const rest = more > 0 ? [`and ${more} more`] : [];
  return `the chart's values.schema.json does not allow these values: ${[...told, ...rest].join('; ')}`;
}

const MOST_TOLD = 10;

/** Who set the value at `path`: itself, the list it is in, or the one that set everything below it. */
function originOf(path: Path, leaves: readonly Leaf[]): Origin | undefined {
  const within = leaves.filter((leaf) => leaf.path.length <= path.length && isAbove(leaf.path, path));
  const [own] = within.toSorted((a, b) => b.path.length - a.path.length);
  if (own !== undefined) return own.origin;
  const below = leaves.filter((leaf) => path.length > 0 && isAbove(path, leaf.path));
  const [first] = below;
  // A map that several set has no one to blame.
  return first !== undefined && below.every(({ origin }) => originText(origin) === originText(first.origin))
    ? first.origin
    : undefined;
}

const isAbove = (above: Path, below: Path) => above.every((key, n) => below[n] === key);
