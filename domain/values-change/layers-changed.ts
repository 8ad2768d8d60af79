/**
 * Which layers of an environment differ from what was attempted there last? Bytes decide, by their keyed digests: the same bytes
 * put again are no change. Of a layer that its parameter only points to the version decides. Compared is what was attempted, not what was good, so that a bad change that was taken
 * back is not tried again.
 */
import type { Inputs } from '../items/deployment.ts';
import type { LayerPlace } from '../values/layers/layer-names.ts';

/** A layer as it stands in Parameter Store. */
export interface LayerNow {
  readonly version: number;
  /** Keyed digest of its bytes, of a secret's ciphertext; absent when the parameter only points to where the layer stands. */
  readonly digest?: string;
}

/** One that differs; without a version it is gone. */
export interface LayerChanged {
  readonly name: string;
  readonly version?: number;
}

/** Those of `places` that stand otherwise now than `attempted` froze them, in their order. */
export function layersChanged(
  attempted: Pick<Inputs, 'layers' | 'secretLayers'>,
  places: readonly LayerPlace[],
  now: ReadonlyMap<string, LayerNow>,
): readonly LayerChanged[] {
  const before = new Map([...attempted.layers, ...(attempted.secretLayers ?? [])].map((layer) => [layer.name, layer]));
  return places.flatMap(({ name }): LayerChanged[] => {
    const found = now.get(name);
    if (isSame(before.get(name), found)) return [];
    return [found === undefined ? { name } : { name, version: found.version }];
  });
}

function isSame(before: { readonly version: number; readonly digest: string } | undefined, now: LayerNow | undefined) {
  if (before === undefined || now === undefined) return before === now;
  return now.digest === undefined ? before.version === now.version : before.digest === now.digest;
}
