/** How what values come to now differs from what is deployed, key by key. */
import type { Leaf } from './effective.ts';
import { pathId } from './effective.ts';

export interface LeafChange {
  readonly leaf: Leaf;
  readonly change: 'same' | 'changed' | 'new';
  /** What is deployed, when it is another. */
  readonly was?: Leaf;
}

export interface Compared {
  readonly leaves: readonly LeafChange[];
  /** Deployed, and not set any more. */
  readonly removed: readonly Leaf[];
}

/** Values are equal when `same` says so: canonical JSON, for instance. */
export function compareLeaves(
  now: readonly Leaf[],
  deployed: readonly Leaf[],
  same: (a: unknown, b: unknown) => boolean,
): Compared {
  const before = new Map(deployed.map((leaf) => [pathId(leaf.path), leaf]));
  const after = new Set(now.map(({ path }) => pathId(path)));
  const leaves = now.map((leaf): LeafChange => {
    const was = before.get(pathId(leaf.path));
    if (was === undefined) return { leaf, change: 'new' };
    return same(leaf.value, was.value) ? { leaf, change: 'same' } : { leaf, change: 'changed', was };
  });
  return { leaves, removed: deployed.filter(({ path }) => !after.has(pathId(path))) };
}
