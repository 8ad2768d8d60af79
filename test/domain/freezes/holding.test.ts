import { describe, expect, test } from 'vitest';
import { endingCommand, frozenBy, holding } from '../../../domain/freezes/holding.ts';
import type { FreezeItem } from '../../../domain/items/gates.ts';
import type { Override } from '../../../domain/items/rollout.ts';
import { beginsAt, thawed } from '../../../domain/rollout/rules/frozen.ts';
import { waitedTooLong } from '../../../domain/rollout/rules/waited-too-long.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aDeployment, aRollout, aStage, later, NOW } from '../../support/items.ts';

const aFreeze = (given: Partial<FreezeItem> = {}): FreezeItem => ({
  type: 'freeze',
  v: 1,
  rev: 1,
  name: 'launch',
  window: { is: 'until-lifted' },
  target: {},
  reason: 'the big day',
  overridableBy: ['fairlead-operator'],
  by: 'operator/ann',
  at: NOW.toISOString(),
  ...given,
});
const once = (from: number, to: number) =>
  ({ is: 'once', from: later(from).toISOString(), to: later(to).toISOString() }) as const;
const override = (given: Partial<Override> = {}): Override => ({
  role: 'fairlead-operator',
  by: 'operator/ann',
  reason: 'a fix',
  at: NOW.toISOString(),
  ...given,
});
const names = (freezes: readonly FreezeItem[], by?: Override, pkg = 'webui') =>
  holding(freezes, { package: pkg, override: by }, NOW, CALENDAR).map(({ freeze }) => freeze.name);

describe('a freeze holds', () => {
  test.each<[string, Partial<FreezeItem>, boolean]>([
    ['until it is lifted', {}, true],
    ['within its window', { window: once(-5, 5) }, true],
    ['from its first moment on', { window: once(0, 5) }, true],
    ['not at its last', { window: once(-5, 0) }, false],
    ['not before', { window: once(1, 5) }, false],
    ['of all packages or of those it names', { packages: ['webui', 'worker'] }, true],
    ['not of others', { packages: ['worker'] }, false],
  ])('%s', (_when, given, holds) => {
    expect(names([aFreeze(given)])).toEqual(holds ? ['launch'] : []);
  });

  test('where an environment has all of its labels', () => {
    const all = holding([aFreeze({ target: { ring: 'prod', tier: 'one' } })], { package: 'webui' }, NOW, CALENDAR);
    expect(frozenBy({ ring: 'prod', tier: 'one', kind: 'x' }, all)?.freeze.name).toBe('launch');
    expect(frozenBy({ ring: 'prod' }, all)).toBeUndefined();
    expect(frozenBy(undefined, all)).toBeUndefined();
  });

  test('and of several, the one is told that holds longest', () => {
    const freezes = [aFreeze({ name: 'a', window: once(-1, 9) }), aFreeze({ name: 'b', window: once(-1, 5) })];
    const mover = { package: 'webui' };
    expect(frozenBy({}, holding(freezes, mover, NOW, CALENDAR))?.freeze.name).toBe('a');
    expect(frozenBy({}, holding([...freezes, aFreeze({ name: 'c' })], mover, NOW, CALENDAR))?.freeze.name).toBe('c');
  });

  test.each<[string, Partial<Override>, Partial<FreezeItem>, boolean]>([
    ['is passed by a role that it names', {}, {}, false],
    ['is not passed by another', { role: 'fairlead-other' }, {}, true],
    ['is not passed by who gave the override before it was put', {}, { at: later(1).toISOString() }, true],
    ['is passed by who gave it after', { at: later(2).toISOString() }, { at: later(1).toISOString() }, false],
    ['for emergencies only is not passed by operators', {}, { overridableBy: ['fairlead-break-glass'] }, true],
  ])('%s', (_what, by, freeze, holds) => {
    expect(names([aFreeze(freeze)], override(by))).toEqual(holds ? ['launch'] : []);
  });

  test('ends by a command that is named', () => {
    expect(endingCommand({ name: 'stop' })).toBe('fairlead resume');
    expect(endingCommand({ name: 'launch' })).toBe('fairlead freeze lift launch');
  });
});

describe('a stage', () => {
  const stage = { ...aStage(), size: 3 };
  const ready = ['dev', 'prod', 'test'].map((environment) =>
    aDeployment({ environment, labels: { name: environment } }),
  );
  const when = { now: NOW, calendar: CALENDAR };
  const look = (freezes: readonly FreezeItem[], rollout = aRollout()) =>
    thawed({ rollout, freezes }, { stage, ready }, when);

  test('without freezes is free', () => {
    expect(look([])).toEqual({ ready });
    expect(look([aFreeze({ packages: ['worker'] })])).toEqual({ ready });
  });

  test('goes where it is free, and waits for the first that opens', () => {
    const { ready: free, wait } = look([
      aFreeze({ name: 'a', target: { name: 'dev' }, window: once(-100, 50) }),
      aFreeze({ name: 'b', target: { name: 'prod' } }),
    ]);
    expect(free.map(({ environment }) => environment)).toEqual(['test']);
    expect(wait).toMatchObject({
      on: 'freeze',
      stage: stage.name,
      because: expect.stringContaining('dev, prod are frozen: freeze a'),
    });
    expect(Date.parse(wait?.until ?? '')).toBeGreaterThanOrEqual(later(50).getTime());
    expect(Date.parse(wait?.until ?? '')).toBeLessThanOrEqual(later(52).getTime());
  });

  test('that only a person frees is looked at again, and not waited for longer than a month', () => {
    const { wait } = look([aFreeze()]);
    expect(wait).toMatchObject({ until: later(30 * 24 * 60).toISOString(), again: later(15).toISOString() });
  });

  test('that waits begins a moment of its own after the end; one that never waited, at once', () => {
    const freezes = [aFreeze({ window: once(-1000, -0.001) })];
    expect(look(freezes, aRollout({ state: 'waiting' })).wait?.on).toBe('freeze');
    expect(look(freezes, aRollout({ state: 'running' }))).toEqual({ ready });
  });

  test('begins within two minutes, or a tenth of a short window, each rollout at its own moment', () => {
    const frozen = (minutes: number) => ({ freeze: aFreeze(), since: later(-minutes), until: NOW, because: '' });
    const ids = Array.from({ length: 200 }, (_, i) => `01JD0Z5Q6X3N8V7T2K4M9R${String(i).padStart(4, '0')}`);
    const moments = ids.map((id) => beginsAt(frozen(600), id).getTime() - NOW.getTime());
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...moments)).toBeLessThan(120_000);
    expect(new Set(moments.map((moment) => Math.floor(moment / 10_000))).size).toBe(12);
    expect(beginsAt(frozen(1), ids[0] ?? '').getTime() - NOW.getTime()).toBeLessThanOrEqual(6000);
    expect(beginsAt(frozen(600), 'x')).toEqual(beginsAt(frozen(600), 'x'));
  });
});

describe('nothing waits for ever', () => {
  const old = aRollout({ createdAt: later(-31 * 24 * 60).toISOString() });
  const wait = (on: 'freeze' | 'gate' | 'queue' | 'environment' | 'pace' | 'soak' | 'lease', until = later(60)) =>
    ({ action: 'wait', on, until: until.toISOString(), who: 'ann', because: 'so it is' }) as const;

  test.each(['freeze', 'gate', 'queue', 'environment'] as const)('a month on %s is enough', (on) => {
    expect(waitedTooLong(wait(on), old, NOW)).toMatchObject({
      action: 'finish',
      state: 'failed',
      outcome: { code: 'waited-too-long' },
    });
  });

  test.each(['soak', 'lease', 'pace'] as const)('a %s ends by itself', (on) => {
    expect(waitedTooLong(wait(on), old, NOW)).toEqual(wait(on));
  });

  test('counts from the last stage that began: soaks and paces of weeks are no waiting for others', () => {
    const begun = { ...old, stages: { first: { begunAt: later(-20 * 24 * 60).toISOString() } } };
    expect(waitedTooLong(wait('gate'), begun, NOW)).toEqual(wait('gate'));
    const long = { ...old, stages: { first: { begunAt: later(-31 * 24 * 60).toISOString() } } };
    expect(waitedTooLong(wait('gate'), long, NOW)).toMatchObject({ outcome: { code: 'waited-too-long' } });
  });

  test('a retry begins anew, and nobody waits beyond the month', () => {
    const retried = aRollout({ createdAt: old.createdAt, placedAt: NOW.toISOString() });
    expect(waitedTooLong(wait('gate'), retried, NOW)).toEqual(wait('gate'));
    const far = waitedTooLong(wait('gate', later(90 * 24 * 60)), retried, NOW);
    expect(far).toMatchObject({ until: later(30 * 24 * 60).toISOString() });
  });
});
