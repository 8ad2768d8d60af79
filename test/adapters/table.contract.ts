/** What the port `Table` promises, run on every table that claims to keep it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { commit } from '../../domain/commit.ts';
import type { EventItem } from '../../domain/items/history.ts';
import type { CounterItem } from '../../domain/items/queue.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { create, remove, replace, type Table, unchanged, type Write, write } from '../../domain/table.ts';
import { aHold, anEnvironment, aPackage, aRollout, ROLLOUT } from '../support/items.ts';

const counter = (last = 0): Omit<CounterItem, 'rev'> => ({ type: 'counter', v: 1, last });
const COUNTER = keys.counter('webui');
const stored = (last = 0, rev = 1) => ({ ...counter(last), rev });

const event = (number: number, text = 'x'): EventItem => ({
  type: 'event',
  v: 1,
  rev: 1,
  rolloutId: ROLLOUT,
  number,
  at: '2026-11-21T10:00:00.000Z',
  kind: 'stage-started',
  text,
  by: 'fairlead',
});
const events = (numbers: readonly number[], text?: string): Write[] =>
  numbers.map((n) => create(keys.event(ROLLOUT, n), event(n, text)));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** Runs the promises against the table that `make` gives: a fresh, empty one for each test. */
export function tableContract(name: string, make: () => Promise<Table>): void {
  let table: Table;
  beforeEach(async () => {
    table = await make();
  });
  describe(`${name}: expectations`, () => expectations(() => table));
  describe(`${name}: ranges`, () => rangesInOrder(() => table));
  describe(`${name}: lists of rollouts`, () => lists(() => table));
  describe(`${name}: transactions`, () => transactions(() => table));
  describe(`${name}: what is kept`, () => kept(() => table));
}

function expectations(table: () => Table): void {
  test('what was never written is not there', async () => {
    expect(await table().get(COUNTER)).toBeUndefined();
  });

  test.each<[string, Write, Write]>([
    ['a put that expects nothing', create(COUNTER, counter()), create(COUNTER, counter(9))],
    ['a put that expects another revision', create(COUNTER, counter()), replace(COUNTER, stored(0, 7), { last: 9 })],
    ['a delete that expects another revision', create(COUNTER, counter()), remove(COUNTER, stored(0, 7))],
    ['a check that expects nothing', create(COUNTER, counter()), unchanged(COUNTER, undefined)],
    ['a check that expects another revision', create(COUNTER, counter()), unchanged(COUNTER, stored(0, 7))],
  ])('%s is told what it met, and changes nothing', async (_, first, second) => {
    expect(await table().transact([first])).toEqual({ committed: true });
    expect(await table().transact([second])).toEqual({
      committed: false,
      conflicts: [{ key: COUNTER, found: stored() }],
    });
    expect(await table().get(COUNTER)).toEqual(stored());
  });

  test.each<[string, Write]>([
    ['a put', replace(COUNTER, stored(), { last: 1 })],
    ['a delete', remove(COUNTER, stored())],
    ['a check', unchanged(COUNTER, stored())],
  ])('%s that expects a revision where nothing is, meets nothing', async (_, wish) => {
    expect(await table().transact([wish])).toEqual({ committed: false, conflicts: [{ key: COUNTER }] });
    expect(await table().get(COUNTER)).toBeUndefined();
  });

  test.each<[string, (seen: CounterItem) => Write, CounterItem | undefined]>([
    ['a put', (seen) => replace(COUNTER, seen, { last: 5 }), stored(5, 2)],
    ['a delete', (seen) => remove(COUNTER, seen), undefined],
    ['a check', (seen) => unchanged(COUNTER, seen), stored()],
    [
      'a put that expects anything',
      () => ({ do: 'put', key: COUNTER, item: stored(8, 3), expect: 'any' }),
      stored(8, 3),
    ],
    ['a delete that expects anything', () => ({ do: 'delete', key: COUNTER, expect: 'any' }), undefined],
  ])('%s that meets what it expects does what it says', async (_, wish, after) => {
    await table().transact([write(COUNTER, undefined, counter())]);
    expect(await table().transact([wish(stored())])).toEqual({ committed: true });
    expect(await table().get(COUNTER)).toEqual(after);
  });

  test('what was deleted may be made anew', async () => {
    await table().transact([create(COUNTER, counter())]);
    await table().transact([remove(COUNTER, stored())]);
    expect(await table().transact([create(COUNTER, counter(3))])).toEqual({ committed: true });
  });
}

function rangesInOrder(table: () => Table): void {
  const numbers = async (options = {}) =>
    (await table().query(ranges.events(ROLLOUT), options)).map(({ number }) => number);

  test.each<[string, object, number[]]>([
    ['in the order of their numbers', {}, [1, 2, 9, 10, 11, 100]],
    ['the other way round', { descending: true }, [100, 11, 10, 9, 2, 1]],
    ['a few', { limit: 2 }, [1, 2]],
    ['the last few', { limit: 2, descending: true }, [100, 11]],
    ['beyond one', { after: keys.event(ROLLOUT, 9).sk }, [10, 11, 100]],
    ['beyond one that is not there', { after: keys.event(ROLLOUT, 5).sk }, [9, 10, 11, 100]],
    ['before one', { after: keys.event(ROLLOUT, 10).sk, descending: true }, [9, 2, 1]],
    ['a few beyond one', { after: keys.event(ROLLOUT, 2).sk, limit: 2 }, [9, 10]],
    ['nothing beyond the last', { after: keys.event(ROLLOUT, 100).sk }, []],
  ])('a range is read %s', async (_, options, expected) => {
    await table().transact(events([100, 9, 10, 1, 11, 2]));
    expect(await numbers(options)).toEqual(expected);
  });

  test('a range holds its own partition and prefix only', async () => {
    const other = '01JD0Z5Q6X3N8V7T2K4M9R1B0Z';
    await table().transact([
      ...events([1]),
      create(keys.event(other, 2), { ...event(2), rolloutId: other }),
      create(keys.events(ROLLOUT), { type: 'events', v: 1, last: 1 }),
      create(keys.rollout(ROLLOUT), aRollout()),
    ]);
    expect(await numbers()).toEqual([1]);
  });

  test('a range without a prefix is a whole partition, also from one on', async () => {
    const names = ['a', 'b-1', 'c'];
    await table().transact(names.map((name) => create(keys.package(name), aPackage({ name }))));
    await table().transact([create(keys.environment('dev'), anEnvironment())]);
    const found = async (options = {}) => (await table().query(ranges.packages(), options)).map(({ name }) => name);
    expect(await found()).toEqual(names);
    expect(await found({ after: 'a' })).toEqual(['b-1', 'c']);
    expect(await found({ after: 'b-1', descending: true })).toEqual(['a']);
  });

  test('a range larger than a page of DynamoDB (1 MB) is read whole', async () => {
    const text = 'x'.repeat(60_000);
    for (const few of [upTo(10), upTo(10).map((n) => n + 10)]) await table().transact(events(few, text));
    expect(await numbers()).toEqual(upTo(20));
    expect(await numbers({ descending: true, limit: 19 })).toHaveLength(19);
  });
}

function lists(table: () => Table): void {
  const ids = ['A', 'B', 'C', 'D', 'E'].map((last) => ROLLOUT.replace(/.$/, last));
  const fill = (given: (id: string) => Partial<RolloutItem> = () => ({})) =>
    table().transact(ids.map((id) => create(keys.rollout(id), aRollout({ id, ...given(id) }))));
  const idsOf = (items: readonly RolloutItem[]) => items.map(({ id }) => id);

  test("a package's rollouts are listed newest first, page by page", async () => {
    await fill();
    const first = await table().rolloutsOf('webui', { limit: 2 });
    expect(idsOf(first.items)).toEqual([ids[4], ids[3]]);
    const second = await table().rolloutsOf('webui', { limit: 2, after: first.next ?? '' });
    expect(idsOf(second.items)).toEqual([ids[2], ids[1]]);
    const last = await table().rolloutsOf('webui', { limit: 2, after: second.next ?? '' });
    expect(last).toEqual({ items: [aRollout({ id: ids[0] })] });
  });

  test('a page that just holds everything has no next', async () => {
    await fill();
    expect((await table().rolloutsOf('webui', { limit: 5 })).next).toBeUndefined();
    expect((await table().openRollouts({ limit: 5 })).next).toBeUndefined();
  });

  test("another package's rollouts are not listed", async () => {
    await fill((id) => (id === ids[2] ? { package: 'worker' } : {}));
    expect(idsOf((await table().rolloutsOf('worker', { limit: 9 })).items)).toEqual([ids[2]]);
  });

  test('open rollouts are listed oldest first; who has ended is gone from the list', async () => {
    await fill((id) => (id === ids[1] ? { finishedAt: '2026-11-21T11:00:00.000Z' } : {}));
    const open = await table().openRollouts({ limit: 3 });
    expect(idsOf(open.items)).toEqual([ids[0], ids[2], ids[3]]);
    const [first] = open.items;
    if (first === undefined) throw new Error('nothing is open');
    await table().transact([replace(keys.rollout(first.id), first, { finishedAt: '2026-11-21T11:00:00.000Z' })]);
    expect(idsOf((await table().openRollouts({ limit: 3 })).items)).toEqual([ids[2], ids[3], ids[4]]);
    expect(idsOf((await table().openRollouts({ limit: 3, after: ids[3] ?? '' })).items)).toEqual([ids[4]]);
  });
}

function transactions(table: () => Table): void {
  test('all or nothing, and every write that failed is named', async () => {
    await table().transact([create(COUNTER, counter()), create(keys.hold('dev', 'webui'), aHold())]);
    const answer = await table().transact([
      create(keys.package('webui'), aPackage()),
      create(COUNTER, counter(1)),
      unchanged(keys.hold('dev', 'webui'), undefined),
    ]);
    expect(answer).toEqual({
      committed: false,
      conflicts: [
        { key: COUNTER, found: stored() },
        { key: keys.hold('dev', 'webui'), found: aHold() },
      ],
    });
    expect(await table().get(keys.package('webui'))).toBeUndefined();
  });

  test('a hundred writes go together', async () => {
    expect(await table().transact(events(upTo(100)))).toEqual({ committed: true });
    expect(await table().query(ranges.events(ROLLOUT))).toHaveLength(100);
  });

  test.each<[string, readonly Write[]]>([
    ['more than a hundred writes', events(upTo(101))],
    ['no write at all', []],
    ['two writes of one item', [...events([1]), unchanged(keys.event(ROLLOUT, 1), undefined)]],
  ])('%s is a bug and throws', async (_, writes) => {
    await expect(table().transact(writes)).rejects.toThrow();
    expect(await table().query(ranges.events(ROLLOUT))).toEqual([]);
  });

  test('of forty who expect the same, one wins', async () => {
    const answers = await Promise.all(upTo(40).map((n) => table().transact([create(COUNTER, counter(n))])));
    expect(answers.filter(({ committed }) => committed)).toHaveLength(1);
  });

  test('forty who read, add one and try again when they lose, lose nothing', async () => {
    const patience = {
      tries: 200,
      pause: (n: number) => new Promise<void>((done) => setTimeout(done, Math.random() * 5 * n)),
    };
    const add = () =>
      commit(table(), patience, async () => {
        const seen = await table().get(COUNTER);
        return { writes: [write(COUNTER, seen, counter((seen?.last ?? 0) + 1))], result: undefined };
      });
    await Promise.all(upTo(40).map(add));
    expect(await table().get(COUNTER)).toEqual(stored(40, 40));
  });
}

function kept(table: () => Table): void {
  const request = (values: Record<string, unknown>) =>
    ({ type: 'request', v: 1, rolloutId: ROLLOUT, version: '1.0.0', stages: [], values }) as const;
  const deep = (levels: number): unknown => (levels === 0 ? 'bottom' : { a: deep(levels - 1) });

  test.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['null, empty texts, lists and maps', { a: null, b: '', c: [], d: {}, e: [null, {}, ''] }],
    ['an empty key', { '': 1 }],
    ['numbers of every size', { small: 5e-324, large: 1.7e308, whole: 2 ** 60, negative: -0.1 }],
    ['maps of more than 32 levels', { a: deep(60) }],
    ['text in any script', { greeting: 'Grüße, 世界 🚢', ключ: '\u0000' }],
  ])("a rollout's values come back as they were: %s", async (_, values) => {
    expect(await table().transact([create(keys.request(ROLLOUT), request(values))])).toEqual({ committed: true });
    expect((await table().get(keys.request(ROLLOUT)))?.values).toEqual(values);
  });

  test('an item that a newer version wrote is read as far as it is known', async () => {
    const newer = { ...stored(3), v: 2, colour: 'green' } as unknown as CounterItem;
    await table().transact([{ do: 'put', key: COUNTER, item: newer, expect: 'absent' }]);
    expect(await table().get(COUNTER)).toEqual(stored(3));
  });

  test('an item that lacks what it must have is a bug and throws', async () => {
    const broken = { type: 'counter', v: 1, rev: 1 } as unknown as CounterItem;
    const written = table().transact([{ do: 'put', key: COUNTER, item: broken, expect: 'any' }]);
    await expect(written.then(() => table().get(COUNTER))).rejects.toThrow();
  });

  test('two readers share nothing', async () => {
    await table().transact([create(keys.request(ROLLOUT), request({ a: [1] }))]);
    const one = await table().get(keys.request(ROLLOUT));
    (Object(one).values.a as number[]).push(2);
    expect((await table().get(keys.request(ROLLOUT)))?.values).toEqual({ a: [1] });
  });
}
