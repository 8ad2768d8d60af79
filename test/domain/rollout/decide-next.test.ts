import { describe, expect, test } from 'vitest';
import { decideNext, MOST_ROUNDS } from '../../../domain/rollout/decide-next.ts';
import type { Decision } from '../../../domain/rollout/decision.ts';
import { MOST_AT_ONCE, partOf } from '../../../domain/rollout/most-at-once.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { later, NOW, OTHER_ROLLOUT } from '../../support/items.ts';
import { aPlace, type StageSaid, seen } from '../../support/rollout-seen.ts';

const TURN = { run: 1, round: 1 };
const decide = (...said: Parameters<typeof seen>) => decideNext(seen(...said), TURN, NOW, CALENDAR);
const inFlight = (minutes: number) => ({
  state: 'observing' as const,
  attempt: 1,
  begun: 1,
  deadline: later(minutes).toISOString(),
});
const putOff = (minutes: number, on: 'lease' | 'freeze' | 'environment' = 'lease') => ({
  state: 'pending' as const,
  attempt: 1,
  begun: 1,
  deferred: { on, until: later(minutes).toISOString(), because: 'the release is held' },
});
const everyone = (has: StageSaid['has'], more: Partial<StageSaid> = {}): StageSaid => ({
  name: 'everyone',
  has,
  ...more,
});
const abort = { by: 'operator/ann', reason: 'wrong version', at: NOW.toISOString() };

describe('whose turn it is', () => {
  const pending = [everyone({ dev: 'pending' })];
  test.each<[string, Parameters<typeof seen>, { run: number; round: number }, Decision['action']]>([
    ['an older run stands down', [pending, { run: 2 }], TURN, 'stand-down'],
    ['a run that is not there yet stands down', [pending], { run: 2, round: 1 }, 'stand-down'],
    ['nobody acts on a rollout that is over', [pending, { state: 'failed' }], TURN, 'stand-down'],
    ['after many rounds the next run goes on', [pending], { run: 1, round: MOST_ROUNDS }, 'continue'],
    ['one round before it does not', [pending], { run: 1, round: MOST_ROUNDS - 1 }, 'deploy'],
    [
      'what is over does not go on as a new run',
      [pending, { state: 'aborted' }],
      { run: 1, round: MOST_ROUNDS },
      'stand-down',
    ],
  ])('%s', (_sentence, said, turn, action) => {
    const decision = decideNext(seen(...said), turn, NOW, CALENDAR);
    expect(decision.action).toBe(action);
    expect(decision.because).not.toBe('');
  });
});

describe('what is under way', () => {
  test('is waited for until the first of its deadlines, and a minute more for its last word', () => {
    const decision = decide([everyone({ dev: inFlight(30), test: inFlight(20), prod: 'pending' })]);
    expect(decision).toMatchObject({ action: 'wait', on: 'lease', until: later(21).toISOString() });
    expect(decision.because).toContain('dev, test');
  });

  test('comes to its end even when the rollout is aborted', () => {
    expect(decide([everyone({ dev: inFlight(30) })], { abort })).toMatchObject({ action: 'wait' });
  });

  test('is given up beyond its deadline, it alone', () => {
    expect(decide([everyone({ dev: inFlight(-2), test: inFlight(20) })])).toMatchObject({
      action: 'give-up',
      environments: ['dev'],
    });
  });

  test('is given up when nobody wrote a deadline', () => {
    expect(decide([everyone({ dev: { state: 'applying' } })])).toMatchObject({
      action: 'give-up',
      environments: ['dev'],
    });
  });
});

describe('attempts that never began', () => {
  test.each([
    [{ attempt: 1, begun: 0, lost: 0 }, 'deploy'],
    [{ attempt: 2, begun: 0, lost: 1 }, 'deploy'],
    [{ attempt: 3, begun: 0, lost: 2 }, 'give-up'],
    [{ attempt: 7, begun: 4, lost: 2 }, 'give-up'],
    [{ attempt: 7, begun: 7, lost: 0 }, 'deploy'],
  ])('%o: %s', (counts, action) => {
    expect(decide([everyone({ dev: { state: 'pending', ...counts } })]).action).toBe(action);
  });
});

describe('an abort', () => {
  test('is the end, with who and why', () => {
    expect(decide([everyone({ dev: 'succeeded', prod: 'pending' })], { abort })).toMatchObject({
      action: 'finish',
      state: 'aborted',
      outcome: { code: 'aborted', because: 'aborted by operator/ann: wrong version' },
    });
  });

  test('needs no plan and no turn in the queue', () => {
    expect(decide([], { abort, plan: undefined } as never, [aPlace(3)])).toMatchObject({ state: 'aborted' });
  });
});

test('a rollout without a plan is our own trouble', () => {
  expect(decide([], { plan: undefined } as never)).toMatchObject({ action: 'finish', state: 'errored' });
});

describe('the queue', () => {
  const pending = [everyone({ dev: 'pending', prod: 'pending' })];
  test.each([
    ['an earlier one that is not planned yet goes first', [aPlace(3, undefined, OTHER_ROLLOUT)], 'wait'],
    ['an earlier one that shares an environment goes first', [aPlace(3, ['prod', 'lab'], OTHER_ROLLOUT)], 'wait'],
    ['an earlier one elsewhere is no hindrance', [aPlace(3, ['lab'], OTHER_ROLLOUT)], 'deploy'],
    ['a later one waits for us', [aPlace(8, ['prod'], OTHER_ROLLOUT), aPlace(9)], 'deploy'],
    ['our own place does not stand in our way', [aPlace(7, ['dev', 'prod'])], 'deploy'],
  ])('%s', (_sentence, queue, action) => {
    expect(decide(pending, {}, queue)).toMatchObject({ action });
  });

  test('the answer names who is first, and looks again in a quarter of an hour', () => {
    const decision = decide(pending, {}, [aPlace(3, ['prod'], OTHER_ROLLOUT)]);
    expect(decision).toMatchObject({ on: 'queue', until: later(15).toISOString() });
    expect(decision.because).toContain(OTHER_ROLLOUT);
    expect(decision.because).toContain('prod');
    expect(decision).toMatchObject({ who: expect.stringContaining(`'fairlead abort webui ${OTHER_ROLLOUT}'`) });
  });

  test('of several, the first in line is named', () => {
    const queue = [aPlace(2, ['lab'], 'elsewhere'), aPlace(3, ['prod'], 'first'), aPlace(4, ['prod'], 'second')];
    expect(decide(pending, {}, queue).because).toContain('first');
  });
});

describe('along the stages', () => {
  const two = (canary: StageSaid['has'], rest: StageSaid['has'], more: Partial<StageSaid> = {}) => [
    { name: 'canary', has: canary, ...more },
    { name: 'rest', has: rest },
  ];

  test('the first stage is deployed whole, as many at once as it says', () => {
    expect(decide(two({ dev: 'pending', test: 'pending' }, { prod: 'pending' }, { maxParallel: 3 }))).toMatchObject({
      action: 'deploy',
      stage: 'canary',
      environments: ['dev', 'test'],
      maxParallel: 3,
    });
  });

  test('the next stage follows when all of the first has ended well enough', () => {
    expect(decide(two({ dev: 'succeeded', test: 'skipped' }, { prod: 'pending' }))).toMatchObject({
      action: 'deploy',
      stage: 'rest',
      environments: ['prod'],
    });
  });

  test('a stage that matches nothing is passed over', () => {
    expect(decide(two({}, { prod: 'pending' }))).toMatchObject({ action: 'deploy', stage: 'rest' });
  });

  test('what ended is not begun again', () => {
    expect(decide(two({ dev: 'succeeded', test: 'pending' }, {}))).toMatchObject({ environments: ['test'] });
  });

  test('a large stage is begun in parts that one transaction can hold', () => {
    const has = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`env-${i}`, 'pending' as const]));
    const decision = decide([everyone(has)]);
    expect(decision).toMatchObject({ action: 'deploy' });
    expect(decision.action === 'deploy' && decision.environments.length).toBe(90);
    expect(MOST_AT_ONCE + 4).toBeLessThanOrEqual(100);
  });

  test.each([
    [100, 40, 80],
    [96, 40, 80],
    [95, 40, 95],
    [500, 1, 95],
    [500, 7, 91],
    [500, 30, 90],
    [20, 40, 20],
  ])('of %d, %d at once, the next %d are one part: only the last leaves anybody idle', (count, maxParallel, size) => {
    const all = Array.from({ length: count }, (_, i) => i);
    expect(partOf(all, maxParallel)).toEqual(all.slice(0, size));
  });

  describe('the failure budget', () => {
    test.each(['failed', 'rolled-back', 'blocked', 'errored'] as const)('%s counts against it', (state) => {
      expect(decide(two({ dev: state }, { prod: 'pending' }))).toMatchObject({ action: 'finish' });
    });

    test('what was skipped does not', () => {
      expect(decide(two({ dev: 'skipped' }, { prod: 'pending' }))).toMatchObject({ action: 'deploy', stage: 'rest' });
    });

    test('failures within it let the line go on, and are told at the end', () => {
      expect(
        decide(two({ dev: 'failed', test: 'succeeded' }, { prod: 'pending' }, { failureBudget: 1 })),
      ).toMatchObject({
        action: 'deploy',
        stage: 'rest',
      });
      const end = decide(two({ dev: 'failed', test: 'succeeded' }, { prod: 'succeeded' }, { failureBudget: 1 }));
      expect(end).toMatchObject({ state: 'succeeded', outcome: { code: 'succeeded' } });
      expect(end.because).toContain('dev');
    });

    test('one more stops all later stages, and the answer names what failed and why', () => {
      const end = decide(two({ dev: 'failed', test: 'rolled-back' }, { prod: 'pending' }, { failureBudget: 1 }));
      expect(end).toMatchObject({ action: 'finish', state: 'failed', outcome: { code: 'stage-failed' } });
      for (const word of ['canary', 'dev', 'test', 'it is failed']) expect(end.because).toContain(word);
    });

    test('the stage stops itself too: what is left of it is not begun', () => {
      expect(decide(two({ dev: 'failed', test: 'pending' }, {}))).toMatchObject({ action: 'finish', state: 'failed' });
    });

    test('when every failure is our own, the rollout is errored and says of what kind', () => {
      expect(decide(two({ dev: 'errored' }, { prod: 'pending' }))).toMatchObject({
        state: 'errored',
        outcome: { code: 'unreachable' },
      });
      expect(decide(two({ dev: 'errored', test: 'failed' }, {}))).toMatchObject({ state: 'failed' });
    });
  });

  describe('what was put off', () => {
    test('is waited for until the first of them may begin', () => {
      expect(decide([everyone({ dev: putOff(3), test: putOff(2, 'environment'), prod: 'succeeded' })])).toMatchObject({
        action: 'wait',
        on: 'environment',
        until: later(2).toISOString(),
      });
    });

    test('is judged anew where it was a freeze: that may be lifted any time', () => {
      expect(decide([everyone({ test: putOff(2, 'freeze') })])).toMatchObject({ environments: ['test'] });
    });

    test('does not hold up the rest of its stage', () => {
      expect(decide([everyone({ dev: putOff(3), test: 'pending' })])).toMatchObject({ environments: ['test'] });
    });

    test('is begun when its time has come', () => {
      expect(decide([everyone({ dev: putOff(0) })])).toMatchObject({ action: 'deploy', environments: ['dev'] });
    });

    test('holds up the next stage', () => {
      expect(decide(two({ dev: putOff(3) }, { prod: 'pending' }))).toMatchObject({ action: 'wait' });
    });
  });

  describe('a soak', () => {
    const ended = (minutes: number) => ({ state: 'succeeded' as const, finishedAt: later(minutes).toISOString() });

    test('begins with the last end of its stage', () => {
      const stages = two({ dev: ended(-12), test: ended(-4) }, { prod: 'pending' }, { soakMinutes: 10 });
      expect(decide(stages)).toMatchObject({ action: 'wait', on: 'soak', until: later(6).toISOString() });
    });

    test('is over to the second', () => {
      expect(decide(two({ dev: ended(-10) }, { prod: 'pending' }, { soakMinutes: 10 }))).toMatchObject({
        action: 'look',
        stage: 'canary',
      });
      const well = { ...ended(-10), lookedAt: NOW.toISOString() };
      expect(decide(two({ dev: well }, { prod: 'pending' }, { soakMinutes: 10 }))).toMatchObject({
        action: 'deploy',
        stage: 'rest',
      });
    });

    test('holds for the last stage too, before the rollout is called a success', () => {
      expect(decide([everyone({ dev: ended(-1) }, { soakMinutes: 10 })])).toMatchObject({ action: 'wait', on: 'soak' });
    });

    test('is not needed where nothing was changed', () => {
      expect(decide(two({ dev: 'skipped' }, { prod: 'pending' }, { soakMinutes: 10 }))).toMatchObject({
        stage: 'rest',
      });
    });

    test('does not keep an abort waiting', () => {
      expect(decide(two({ dev: ended(-1) }, {}, { soakMinutes: 10 }), { abort })).toMatchObject({ state: 'aborted' });
    });
  });

  test('all well is a success', () => {
    expect(decide(two({ dev: 'succeeded' }, { prod: 'succeeded' }))).toMatchObject({
      action: 'finish',
      state: 'succeeded',
      outcome: { code: 'succeeded' },
    });
  });

  test('nothing done is a success with a warning that says why', () => {
    const end = decide(two({ dev: 'skipped' }, { prod: 'skipped' }));
    expect(end).toMatchObject({ state: 'succeeded', outcome: { code: 'all-skipped' } });
    expect(end.action === 'finish' && end.warning).toContain('unchanged');
  });
});
