/**
 * Which references to secrets count in an environment? Only those that nothing overrides are fetched. A rollout's own
 * values hold none: whoever starts rollouts would read secrets that way.
 */
import { isMap, type JsonMap } from '../../json.ts';
import type { LayerContent, Origin, Path } from '../effective.ts';
import { pathText } from '../effective.ts';
import type { Feature } from '../feature/feature.ts';
import { layerOrigin, pickConfig } from '../feature/pick-config.ts';
import { atPath } from '../layers/at-path.ts';
import { traceLayers } from '../layers/trace-layers.ts';
import { originText } from '../origin-text.ts';
import { type Reference, readReference } from './reference.ts';

export interface FoundReference {
  /** As the layer has it. */
  readonly text: string;
  readonly reference: Reference;
  readonly path: Path;
  readonly parameter: string;
  readonly version: number;
  readonly line?: number;
}

export type ReferencesIn =
  | { readonly ok: true; readonly references: readonly FoundReference[] }
  | { readonly ok: false; readonly because: string };

export interface ReferencesAsked {
  /** Weakest first. */
  readonly layers: readonly LayerContent[];
  /** The rollout's own values. */
  readonly own: JsonMap;
  readonly feature?: Feature | undefined;
  /** The environment's. */
  readonly kind?: string | undefined;
}

/** Those of operators' layers that count; a broken one that counts is told with parameter, version, line and key. */
export function referencesIn({ layers, own, feature, kind }: ReferencesAsked): ReferencesIn {
  const counting = feature === undefined ? merged(layers, own) : configured(feature, kind, layers, own);
  const references: FoundReference[] = [];
  for (const { path, value, origin } of counting) {
    for (const text of textsIn(value)) {
      const read = readReference(text);
      if (read.is === 'broken') {
        return { ok: false, because: `${originText(origin)}: ${pathText(path)}: ${read.because}` };
      }
      if (read.is === 'reference') references.push({ text, reference: read.reference, path, ...placeOf(origin) });
    }
  }
  return { ok: true, references };
}

interface Counting {
  readonly path: Path;
  readonly value: unknown;
  readonly origin: Origin;
}

function merged(layers: readonly LayerContent[], own: JsonMap): readonly Counting[] {
  const sources = layers.map((layer) => ({
    values: layer.values,
    originAt: (path: Path) => layerOrigin(layer, path),
    secretAt: () => layer.secret,
  }));
  const rollout = { values: own, originAt: (): Origin => ({ of: 'rollout' }), secretAt: () => false };
  return traceLayers([...sources, rollout]).filter(({ origin }) => origin.of === 'layer');
}

function configured(
  feature: Feature,
  kind: string | undefined,
  layers: readonly LayerContent[],
  own: JsonMap,
): readonly Counting[] {
  return [...pickConfig(feature, kind, layers).values()].flatMap(({ value: { path }, set, by }) =>
    atPath(own, path).is === 'absent' ? [{ path, value: set, origin: layerOrigin(by, path) }] : [],
  );
}

function placeOf(origin: Origin): Pick<FoundReference, 'parameter' | 'version' | 'line'> {
  if (origin.of !== 'layer') return { parameter: '', version: 0 };
  const { parameter, version, at } = origin;
  return { parameter, version, ...(at !== undefined && { line: at.line }) };
}

/** The path of the first text in a rollout's own values that is a reference, or begins like one. */
export function referenceIn(values: unknown): readonly (string | number)[] | undefined {
  if (typeof values === 'string') return readReference(values).is === 'plain' ? undefined : [];
  const entries = Array.isArray(values) ? values.entries() : isMap(values) ? Object.entries(values) : [];
  for (const [key, below] of entries) {
    const found = referenceIn(below);
    if (found !== undefined) return [key, ...found];
  }
  return undefined;
}

/** Every text in `value`, inside lists and maps too. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMap(value) ? Object.values(value).flatMap(textsIn) : [];
}
