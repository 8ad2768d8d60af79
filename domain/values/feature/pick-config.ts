/** Which layer configures each value that a `Feature.yaml` declares, and what do layers set that nothing uses? */
import type { JsonMap } from '../../json.ts';
import { nearest } from '../../nearest.ts';
import type { LayerContent, Origin, Orphan, Path } from '../effective.ts';
import { pathId, pathText } from '../effective.ts';
import { atPath, leavesIn, startsWith } from '../layers/at-path.ts';
import type { Feature, FeatureValue } from './feature.ts';

/** Where a value of a layer comes from, with the place of its key or of what is above it. */
export function layerOrigin({ layer, name, version, secret, positions }: LayerContent, path: Path): Origin {
  let at = positions.get(pathId(path));
  for (let length = path.length - 1; at === undefined && length > 0; length--) {
    at = positions.get(pathId(path.slice(0, length)));
  }
  return { of: 'layer', layer, parameter: name, version, secret, ...(at !== undefined && { at }) };
}

/** Whether an environment of `kind` has this value at all. */
export const isIgnored = (value: FeatureValue, kind: string | undefined): boolean =>
  kind !== undefined && value.ignoreKind.includes(kind);

/** One declared value as the strongest layer has it. */
export interface Picked {
  readonly value: FeatureValue;
  readonly set: unknown;
  readonly by: LayerContent;
}

/** Declared values that some layer sets (to `null`, too), by key. `layers` weakest first. */
export function pickConfig(
  feature: Feature,
  kind: string | undefined,
  layers: readonly LayerContent[],
): ReadonlyMap<string, Picked> {
  const picked = new Map<string, Picked>();
  for (const value of configurable(feature, kind)) {
    for (const by of layers) {
      const found = atPath(by.values, value.path);
      if (found.is === 'value') picked.set(value.key, { value, set: found.value, by });
    }
  }
  return picked;
}

/** What of a layer counts. */
export function configOf(feature: Feature, kind: string | undefined, values: JsonMap): readonly [Path, unknown][] {
  return configurable(feature, kind).flatMap(({ path }): [Path, unknown][] => {
    const found = atPath(values, path);
    return found.is === 'value' ? [[path, found.value]] : [];
  });
}

const configurable = ({ values }: Feature, kind: string | undefined) =>
  values.filter((value) => value.config !== undefined && !isIgnored(value, kind));

const UNKNOWN = "the chart's Feature.yaml does not know it";
/** Comparing words takes time, and nobody reads more. */
const MOST_SUGGESTED = 50;

/** What of the layers does not count, and why. */
export function orphansOf(
  feature: Feature,
  kind: string | undefined,
  layers: readonly LayerContent[],
): readonly Orphan[] {
  const configs = feature.values.flatMap(({ key, config }) => (config === undefined ? [] : [key]));
  const orphans = layers.flatMap((layer) =>
    leavesIn(layer.values).flatMap(({ path, value }): Orphan[] => {
      const because = unused(feature, kind, path, value);
      return because === undefined ? [] : [{ path, origin: layerOrigin(layer, path), because }];
    }),
  );
  return orphans.map((orphan, index) => {
    const near =
      orphan.because === UNKNOWN && index < MOST_SUGGESTED ? nearest(pathText(orphan.path), configs) : undefined;
    return near === undefined ? orphan : { ...orphan, because: `${UNKNOWN}: is it ${near}?` };
  });
}

function unused(feature: Feature, kind: string | undefined, path: Path, set: unknown): string | undefined {
  const known = feature.values.find((value) => startsWith(path, value.path));
  if (known !== undefined) {
    if (isIgnored(known, kind)) return `the chart's Feature.yaml leaves ${known.key} out for kind ${kind}`;
    if (known.config !== undefined) return undefined;
    return `the chart's Feature.yaml only lets ${known.key} be computed: it has no config`;
  }
  const below = feature.values.find((value) => startsWith(value.path, path));
  // An empty map above declared values sets nothing.
  if (below !== undefined && typeof set === 'object' && set !== null && !Array.isArray(set)) return undefined;
  if (below !== undefined) return `the chart's Feature.yaml knows ${below.key}, and not what is above it`;
  return UNKNOWN;
}
