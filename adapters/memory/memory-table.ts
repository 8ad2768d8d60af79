/** The table's honest twin: same promises as DynamoDB's, nothing but a map behind them. */
import { parseItem } from '../../contracts/items.ts';
import type { Item, Items, ItemType } from '../../domain/items.ts';
import { indexAttributes, type Key, type Range } from '../../domain/keys.ts';
import type { Committed, Conflict, Expectation, Page, QueryOptions, Table, Write } from '../../domain/table.ts';

/** What a stream reader would see of one write. */
export interface Change {
  readonly key: Key;
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
}

export interface MemoryTable extends Table {
  /** Every item, for a test to look at. */
  all(): readonly Item[];
  /** Called after every transaction with what it changed, in order. */
  onChange(listener: (changes: readonly Change[]) => void): void;
}

const pathOf = (key: { readonly pk: string; readonly sk: string }) => `${key.pk}\u0000${key.sk}`;

/** A table in memory. Items are stored as JSON, so that no two readers share an object. */
export function memoryTable(): MemoryTable {
  const rows = new Map<string, string>();
  /** The paths of each partition, so that a query reads no more than its own. */
  const partitions = new Map<string, Set<string>>();
  const listeners: ((changes: readonly Change[]) => void)[] = [];

  const read = (path: string): Item | undefined => {
    const row = rows.get(path);
    if (row === undefined) return undefined;
    const raw = JSON.parse(row);
    return parseItem(raw.type as ItemType, raw);
  };

  const conflictOf = (write: Write): Conflict | undefined => {
    const found = read(pathOf(write.key));
    return meets(write.expect, found) ? undefined : { key: write.key, found };
  };

  const apply = (write: Write): Change[] => {
    if (write.do === 'check') return [];
    const path = pathOf(write.key);
    const before = read(path);
    const partition = partitions.get(write.key.pk) ?? new Set();
    partitions.set(write.key.pk, partition);
    if (write.do === 'delete') {
      rows.delete(path);
      partition.delete(path);
    } else {
      rows.set(path, JSON.stringify(write.item));
      partition.add(path);
    }
    return [{ key: write.key, before, after: write.do === 'put' ? read(path) : undefined }];
  };

  const rollouts = (keep: (index: Readonly<Record<string, string>>) => boolean): Items['rollout'][] =>
    [...rows.keys()]
      .filter((path) => path.startsWith('ROLLOUT#') && path.endsWith('\u0000META'))
      .map(read)
      .filter((item): item is Items['rollout'] => item?.type === 'rollout' && keep(indexAttributes(item)));

  return {
    async get<T extends ItemType>(key: Key<T>) {
      const row = rows.get(pathOf(key));
      return row === undefined ? undefined : parseItem(key.type, JSON.parse(row));
    },

    async query<T extends ItemType>(range: Range<T>, options: QueryOptions = {}) {
      const { after = '', limit = Number.POSITIVE_INFINITY, descending = false } = options;
      const partition = [...(partitions.get(range.pk) ?? [])];
      const paths = partition.filter((path) => path.startsWith(`${range.pk}\u0000${range.prefix}`)).sort();
      const ordered = descending ? paths.reverse() : paths;
      return ordered
        .filter((path) => after === '' || (descending ? skOf(path) < after : skOf(path) > after))
        .slice(0, limit)
        .map((path) => parseItem(range.type, JSON.parse(rows.get(path) ?? 'null')));
    },

    async rolloutsOf(pkg, { limit, after }) {
      const found = rollouts((index) => index['byPackage'] === pkg).sort((a, b) => (a.id < b.id ? 1 : -1));
      return page(found, limit, after === undefined ? undefined : (item) => item.id < after);
    },

    async openRollouts({ limit, after }) {
      const found = rollouts((index) => index['open'] === 'OPEN').sort((a, b) => (a.id < b.id ? -1 : 1));
      return page(found, limit, after === undefined ? undefined : (item) => item.id > after);
    },

    async transact(writes): Promise<Committed> {
      refuseWhatDynamoWould(writes);
      const conflicts = writes.map(conflictOf).filter((conflict) => conflict !== undefined);
      if (conflicts.length > 0) return { committed: false, conflicts };
      const changes = writes.flatMap(apply);
      for (const listener of listeners) listener(changes);
      return { committed: true };
    },

    all: () => [...rows.keys()].map(read).filter((item) => item !== undefined),
    onChange: (listener) => void listeners.push(listener),
  };
}

const skOf = (path: string) => path.slice(path.indexOf('\u0000') + 1);

function meets(expect: Expectation, found: Item | undefined): boolean {
  if (expect === 'any') return true;
  return expect === 'absent' ? found === undefined : found?.rev === expect.rev;
}

function page(
  found: readonly Items['rollout'][],
  limit: number,
  beyond: ((item: Items['rollout']) => boolean) | undefined,
): Page<'rollout'> {
  const rest = beyond === undefined ? found : found.filter(beyond);
  const items = rest.slice(0, limit);
  return rest.length > limit ? { items, next: items.at(-1)?.id } : { items };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
function refuseWhatDynamoWould(writes: readonly Write[]): void {
  if (writes.length === 0 || writes.length > 100)
    throw new Error(`a transaction has 1 to 100 writes, not ${writes.length}`);
  if (new Set(writes.map(({ key }) => pathOf(key))).size < writes.length) {
    throw new Error('a transaction cannot write one item twice');
  }
}
