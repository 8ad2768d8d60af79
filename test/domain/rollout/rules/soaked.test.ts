import { describe, expect, test } from 'vitest';
import type { DeploymentItem } from '../../../../domain/items/deployment.ts';
import { soaked } from '../../../../domain/rollout/rules/soaked.ts';
import { aDeployment, aStage, later, NOW } from '../../../support/items.ts';

const iso = (minutes: number) => later(minutes).toISOString();
const standing = (finished: number, more: Partial<DeploymentItem> = {}) =>
  aDeployment({ state: 'succeeded', attempt: 1, begun: 1, revision: 3, finishedAt: iso(finished), ...more });
/** An hour's soak that began `ago` minutes before now. */
const soak = (ago: number, deployments: readonly DeploymentItem[], soakMinutes = 60) =>
  soaked(
    {
      stage: { ...aStage({ soakMinutes }), size: deployments.length },
      standing: deployments,
      doneAt: later(-ago).getTime(),
      touched: true,
    },
    NOW,
  );

describe('each release of a stage that soaks an hour', () => {
  test.each<[string, number, Partial<DeploymentItem>, string, number | undefined]>([
    ['is left alone for a quarter of an hour', 10, {}, 'wait', 5],
    ['is looked at then', 15, {}, 'look', undefined],
    ['and a quarter of an hour after that', 22, { lookedAt: iso(-7) }, 'wait', 8],
    ['and again', 30, { lookedAt: iso(-15) }, 'look', undefined],
    ['for the last time when the hour is over', 55, { lookedAt: iso(-3) }, 'wait', 5],
    ['which it is to the second', 60, { lookedAt: iso(-8) }, 'look', undefined],
    ['even if it was looked at a second before', 60, { lookedAt: iso(-1 / 60) }, 'look', undefined],
  ])('%s', (_sentence, ago, more, action, again) => {
    const decision = soak(ago, [standing(-ago, more)]);
    expect(decision).toMatchObject({ action });
    if (again !== undefined) expect(decision).toMatchObject({ on: 'soak', until: iso(60 - ago), again: iso(again) });
  });

  test('needs no more when it was seen well at the end', () => {
    expect(soak(60, [standing(-60, { lookedAt: iso(0) })])).toBeUndefined();
    expect(soak(300, [standing(-300, { lookedAt: iso(-200) })])).toBeUndefined();
  });
});

test('those that are due are looked at, not the others, and no more at once than a transaction holds', () => {
  const decision = soak(20, [standing(-20, { environment: 'dev' }), standing(-2, { environment: 'prod' })]);
  expect(decision).toMatchObject({ action: 'look', environments: ['dev'] });
  const many = Array.from({ length: 200 }, (_, i) => standing(-20, { environment: `env-${i}` }));
  const all = soak(20, many);
  expect(all?.action === 'look' && all.environments.length).toBe(90);
});

test('without a soak nothing is looked at', () => {
  expect(soak(0, [standing(0)], 0)).toBeUndefined();
});

test('where nothing stands, the soak is only waited for', () => {
  expect(soak(20, [])).toMatchObject({ action: 'wait', until: iso(40) });
  expect(soak(60, [])).toBeUndefined();
});

test('one whose cluster is silent is waited for by its own pause, beyond the soak’s end too', () => {
  const deferred = { on: 'environment' as const, until: iso(2), because: 'could not be looked at since 10:00' };
  const silent = standing(-61, { deferred, unreachableSince: iso(-4) });
  expect(soak(61, [silent])).toMatchObject({
    action: 'wait',
    on: 'environment',
    until: iso(2),
    who: expect.stringContaining('whoever runs cluster'),
    because: expect.stringContaining('could not be looked at since 10:00'),
  });
  expect(soak(61, [{ ...silent, deferred: { ...deferred, until: iso(0) } }])).toMatchObject({ action: 'look' });
});
