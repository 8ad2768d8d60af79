import { describe, expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Item } from '../../../domain/items.ts';
import { keys } from '../../../domain/keys.ts';
import { decideNext } from '../../../domain/rollout/decide-next.ts';
import type { Decision } from '../../../domain/rollout/decision.ts';
import type { WholeRollout } from '../../../domain/rollout/look-at-rollout.ts';
import { lookAtRollout } from '../../../domain/rollout/look-at-rollout.ts';
import { MOST_AT_ONCE } from '../../../domain/rollout/most-at-once.ts';
import { isLate, recordAttempts, recordContinuation, recordWait } from '../../../domain/rollout/record-turn.ts';
import type { Write } from '../../../domain/table.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aWait, later, NOW, ROLLOUT, someEvents } from '../../support/items.ts';
import { aPlace, seen } from '../../support/rollout-seen.ts';

type Said = Parameters<typeof seen>;
/** With a history, and a wait where one is given. */
const whole = (said: Said, more: Partial<WholeRollout> = {}): WholeRollout => ({
  ...seen(...said),
  events: someEvents(),
  ...more,
});
const puts = (writes: readonly Write[]): Item[] => writes.flatMap((write) => (write.do === 'put' ? [write.item] : []));
const the = <T extends Item['type']>(type: T, writes: readonly Write[]) =>
  puts(writes).find((item): item is Extract<Item, { type: T }> => item.type === type);

const deploy = (...environments: string[]): Extract<Decision, { action: 'deploy' }> => ({
  action: 'deploy',
  stage: 'everyone',
  environments,
  maxParallel: 10,
  because: 'stage everyone',
});
const wait = (because = 'another was first'): Extract<Decision, { action: 'wait' }> => ({
  action: 'wait',
  on: 'queue',
  until: later(15).toISOString(),
  who: 'the other',
  because,
});

describe('attempts', () => {
  test('are raised for what was chosen, and for nothing else', () => {
    const writes = recordAttempts(
      whole([[{ name: 'everyone', has: { dev: 'pending', prod: 'pending' } }]]),
      deploy('dev'),
      NOW,
    );
    const raised = puts(writes).filter((item) => item.type === 'deployment');
    expect(raised).toMatchObject([{ environment: 'dev', attempt: 1, lost: 0, state: 'pending' }]);
  });

  test.each([
    ['one that began counts no loss', { attempt: 2, begun: 2, lost: 0 }, { attempt: 3, lost: 0 }],
    ['one that never began counts as lost', { attempt: 2, begun: 0, lost: 1 }, { attempt: 3, lost: 2 }],
  ])('%s', (_sentence, before, after) => {
    const said = whole([[{ name: 'everyone', has: { dev: { state: 'pending', ...before } } }]]);
    expect(the('deployment', recordAttempts(said, deploy('dev'), NOW))).toMatchObject(after);
  });

  test('take the rollout out of its wait', () => {
    const said = whole([[{ name: 'everyone', has: { dev: 'pending' } }], { state: 'waiting' }], { wait: aWait() });
    const writes = recordAttempts(said, deploy('dev'), NOW);
    expect(the('rollout', writes)).toMatchObject({ state: 'running' });
    expect(writes).toContainEqual({ do: 'delete', key: keys.wait(ROLLOUT), expect: { rev: 1 } });
  });

  test('tell of a stage when it starts, and not again', () => {
    const fresh = whole([[{ name: 'everyone', has: { dev: 'pending', prod: 'pending' } }]]);
    expect(the('event', recordAttempts(fresh, deploy('dev', 'prod'), NOW))).toMatchObject({ kind: 'stage-started' });
    const begun = whole([[{ name: 'everyone', has: { dev: 'succeeded', prod: 'pending' } }]]);
    expect(the('event', recordAttempts(begun, deploy('prod'), NOW))).toBeUndefined();
  });

  test('hold only while the rollout is what it was, even where it is not changed', () => {
    const said = whole([[{ name: 'everyone', has: { dev: 'pending', prod: 'succeeded' } }]]);
    expect(recordAttempts(said, deploy('dev'), NOW)).toContainEqual({
      do: 'check',
      key: keys.rollout(ROLLOUT),
      expect: { rev: 1 },
    });
  });

  test('as many as one decision names fit into one transaction, at the worst', () => {
    const has = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`env-${i}`, 'pending' as const]));
    const said = whole([[{ name: 'everyone', has, maxParallel: 1 }], { state: 'waiting' }], { wait: aWait() });
    const decision = decideNext(said, { run: 1, round: 1 }, NOW, CALENDAR);
    expect(decision.action).toBe('deploy');
    expect(recordAttempts(said, decision as never, NOW).length).toBe(MOST_AT_ONCE + 4);
    expect(MOST_AT_ONCE + 4).toBeLessThanOrEqual(100);
  });
});

test('a new run is wished for in the transaction that makes it the current one', () => {
  const writes = recordContinuation(whole([[{ name: 'everyone', has: { dev: 'pending' } }]]), 'long', NOW);
  expect(the('rollout', writes)).toMatchObject({ run: 2 });
  expect(the('run', writes)).toMatchObject({ run: 2, rolloutId: ROLLOUT, because: 'long', at: NOW.toISOString() });
  expect(the('event', writes)).toMatchObject({ kind: 'run-started' });
});

describe('a wait', () => {
  const stages: Said = [[{ name: 'everyone', has: { dev: 'pending' } }]];
  const TURN = { run: 1, round: 4 };

  test('says who waits, on what, since when and until when', () => {
    expect(the('wait', recordWait(whole(stages), TURN, 'token', wait(), NOW))).toMatchObject({
      ...TURN,
      token: 'token',
      on: 'queue',
      since: NOW.toISOString(),
      until: later(15).toISOString(),
      who: 'the other',
      because: 'another was first',
    });
  });

  test.each(['running', 'waiting', 'accepted'] as const)(
    'knows the revision that the rollout has afterwards, %s before',
    async (state) => {
      const table = memoryTable();
      const said = whole([[{ name: 'everyone', has: { dev: 'pending' } }], { state }]);
      const put = (item: Item, key: Write['key']): Write => ({ do: 'put', key, item, expect: 'any' });
      await table.transact([put(said.rollout, keys.rollout(ROLLOUT)), put(said.events, keys.events(ROLLOUT))]);
      await table.transact(recordWait(said, TURN, 'token', wait(), NOW));
      const after = await lookAtRollout(table, ROLLOUT);
      expect(after?.rollout.state).toBe('waiting');
      expect(after?.wait?.rolloutRev).toBe(after?.rollout.rev);
    },
  );

  test('that goes on for the same reason keeps its since and is not told again', () => {
    const before = aWait({ on: 'queue', because: 'another was first', since: later(-30).toISOString() });
    const writes = recordWait(
      whole([...stages.slice(0, 1), { state: 'waiting' }] as never, { wait: before }),
      TURN,
      'new',
      wait(),
      NOW,
    );
    expect(the('wait', writes)).toMatchObject({ since: later(-30).toISOString(), token: 'new' });
    expect(the('event', writes)).toBeUndefined();
  });

  test('on the same thing keeps its since, and tells what is new about it', () => {
    const since = later(-5).toISOString();
    const before = aWait({ on: 'queue', because: 'another was first', since });
    const writes = recordWait(whole(stages, { wait: before }), TURN, 'new', wait('yet another is first'), NOW);
    expect(the('wait', writes)).toMatchObject({ since });
    expect(the('event', writes)).toMatchObject({
      kind: 'rollout-waiting',
      text: 'waits on queue: yet another is first (until 2026-11-21T10:15:00.000Z; ended by: the other)',
    });
  });

  test('on something else begins anew', () => {
    const before = aWait({ on: 'soak', since: later(-5).toISOString() });
    const writes = recordWait(whole(stages, { wait: before }), TURN, 'new', wait('another is first'), NOW);
    expect(the('wait', writes)).toMatchObject({ since: NOW.toISOString() });
  });

  test.each([
    [{ run: 1, round: 5 }, true],
    [{ run: 2, round: 1 }, true],
    [{ run: 1, round: 4 }, false],
    [{ run: 1, round: 3 }, false],
  ])('stored by %o makes run 1, round 4 late: %s', (stored, late) => {
    expect(isLate(aWait(stored), TURN)).toBe(late);
  });

  test('nobody is late where nothing is stored', () => {
    expect(isLate(undefined, TURN)).toBe(false);
  });
});

test('a place in the queue is not touched by any of it', () => {
  const said = whole([[{ name: 'everyone', has: { dev: 'pending' } }], {}, [aPlace(7, ['dev'])]]);
  for (const writes of [
    recordAttempts(said, deploy('dev'), NOW),
    recordWait(said, { run: 1, round: 1 }, 't', wait(), NOW),
  ])
    expect(writes.some(({ key }) => key.type === 'open')).toBe(false);
});
