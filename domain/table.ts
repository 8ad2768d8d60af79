/**
 * The one port to what Fairlead remembers. Reads are consistent; writes go together or not at all, and each
 * names what it has seen. `contracts` parses what comes back, `adapters` hold DynamoDB and a memory twin.
 */
import type { Items, ItemType } from './items.ts';
import type { Key, Range } from './keys.ts';

export type Expectation = 'absent' | 'any' | { readonly rev: number };

export type Write =
  | { readonly do: 'put'; readonly key: Key; readonly item: Items[ItemType]; readonly expect: Expectation }
  | { readonly do: 'delete'; readonly key: Key; readonly expect: Expectation }
  | { readonly do: 'check'; readonly key: Key; readonly expect: Expectation };

/** A write that met something other than it expected; `found` is what stands there now, if anything. */
export interface Conflict {
  readonly key: Key;
  readonly found?: Items[ItemType] | undefined;
}
export type Committed =
  | { readonly committed: true }
  | { readonly committed: false; readonly conflicts: readonly Conflict[] };

export interface Page<T extends ItemType> {
  readonly items: readonly Items[T][];
  /** Hand it back as `after` to go on; absent at the end. */
  readonly next?: string | undefined;
}

/** `after` is a sort key: only what stands beyond it, in the direction of reading. */
export interface QueryOptions {
  readonly after?: string;
  readonly limit?: number;
  readonly descending?: boolean;
}

export interface Table {
  /** Consistent read of one item. */
  get<T extends ItemType>(key: Key<T>): Promise<Items[T] | undefined>;
  /** Consistent read of a whole range, in the order of the sort key (all pages). */
  query<T extends ItemType>(range: Range<T>, options?: QueryOptions): Promise<readonly Items[T][]>;
  /** A package's rollouts, newest first. Eventually consistent. */
  rolloutsOf(pkg: string, options: { readonly limit: number; readonly after?: string }): Promise<Page<'rollout'>>;
  /** Every rollout that has not ended, oldest first. Eventually consistent. */
  openRollouts(options: { readonly limit: number; readonly after?: string }): Promise<Page<'rollout'>>;
  /** All writes or none; at most 100 (DynamoDB's TransactWriteItems). A failed expectation is an answer, not an exception. */
  transact(writes: readonly Write[]): Promise<Committed>;
}

/** Write an item that must not be there yet. */
export function create<T extends ItemType>(key: Key<T>, item: Omit<Items[T], 'rev'>): Write {
  return { do: 'put', key, item: { ...item, rev: 1 } as Items[T], expect: 'absent' };
}

/** Replace what was seen; `undefined` fields in `changes` remove them. */
export function replace<T extends ItemType>(key: Key<T>, seen: Items[T], changes: Changes<Items[T]>): Write {
  const merged = Object.entries({ ...seen, ...changes, rev: seen.rev + 1 }).filter(([, value]) => value !== undefined);
  return { do: 'put', key, item: Object.fromEntries(merged) as unknown as Items[T], expect: { rev: seen.rev } };
}

/** Create when nothing was seen, else replace: `item` is the whole new item. */
export function write<T extends ItemType>(key: Key<T>, seen: Items[T] | undefined, item: Omit<Items[T], 'rev'>): Write {
  const expect: Expectation = seen === undefined ? 'absent' : { rev: seen.rev };
  return { do: 'put', key, item: { ...item, rev: (seen?.rev ?? 0) + 1 } as Items[T], expect };
}

/** Remove what was seen. */
export function remove<T extends ItemType>(key: Key<T>, seen: Items[T]): Write {
  return { do: 'delete', key, expect: { rev: seen.rev } };
}

/** Let the transaction fail when this item is no longer what was seen. */
export function unchanged<T extends ItemType>(key: Key<T>, seen: Items[T] | undefined): Write {
  return { do: 'check', key, expect: seen === undefined ? 'absent' : { rev: seen.rev } };
}

/** Fields to change; `undefined` takes one away. */
export type Changes<T> = { [K in keyof T]?: T[K] | undefined };

/** `table`, whose transactions that change something go by `change`; those that only check are left alone. */
export function changingBy(table: Table, change: Table['transact']): Table {
  return {
    get: (key) => table.get(key),
    query: (range, options) => table.query(range, options),
    rolloutsOf: (pkg, options) => table.rolloutsOf(pkg, options),
    openRollouts: (options) => table.openRollouts(options),
    transact: (writes) => (writes.some((write) => write.do !== 'check') ? change(writes) : table.transact(writes)),
  };
}
