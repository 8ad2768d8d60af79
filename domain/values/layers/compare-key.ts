/** What is one key set to by an environment's layers, and which of them says so? */
import { isMap, type JsonMap } from '../../json.ts';
import { type Path, type Position, pathId } from '../effective.ts';
import type { LayerPlace } from './layer-names.ts';
import { mergeLayers } from './merge-layers.ts';

export interface LayerThere {
  readonly version: number;
  readonly values: JsonMap;
  readonly positions: ReadonlyMap<string, Position>;
}

export interface KeyThere {
  /** After the merge; absent when no layer sets it. */
  readonly value?: unknown;
  /** The strongest layer that sets it, or something in it. */
  readonly from?: { readonly parameter: string; readonly version: number; readonly at?: Position };
}

/** `places` weakest first; layers of secrets are not looked into. */
export function compareKey(
  path: Path,
  places: readonly LayerPlace[],
  layers: ReadonlyMap<string, LayerThere>,
): KeyThere {
  const there = places.flatMap(({ name, secret }) => {
    const layer = secret ? undefined : layers.get(name);
    return layer === undefined ? [] : [{ name, ...layer }];
  });
  const found = valueAt(mergeLayers(there.map(({ values }) => values)), path);
  if (found === undefined) return {};
  const last = there.findLast(({ values }) => valueAt(values, path) !== undefined);
  if (last === undefined) return { value: found.value };
  const at = last.positions.get(pathId(path));
  return { value: found.value, from: { parameter: last.name, version: last.version, ...(at && { at }) } };
}

/** Own keys only: `toString` is set by nobody. */
function valueAt(values: JsonMap, path: Path): { readonly value: unknown } | undefined {
  let here: unknown = values;
  for (const key of path) {
    if (!isMap(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return { value: here };
}
