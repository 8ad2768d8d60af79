import { describe, expect, test } from 'vitest';
import type { DeploymentResult } from '../../../domain/deployment/deployment-result.ts';
import { finishDeployment } from '../../../domain/deployment/finish-deployment.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import { pauseAfter, whenSilent } from '../../../domain/deployment/when-silent.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { UnreachableRule } from '../../../domain/items/registry.ts';
import { aSight, putBy } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aLease,
  anOperation,
  aRelease,
  aRollout,
  later,
  NOW,
  ROLLOUT,
  someFailures,
} from '../../support/items.ts';

const iso = (minutes: number) => later(minutes).toISOString();
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: iso(55) };
const SILENT: DeploymentResult = { is: 'errored', failure: { code: 'unreachable', because: 'ECONNREFUSED' } };

function sight(
  rule: UnreachableRule | undefined,
  of: Partial<DeploymentItem> = {},
  more: Partial<DeploymentSeen> = {},
) {
  const deployment = aDeployment({ state: 'applying', begun: 1, startedAt: NOW.toISOString(), ...of });
  const { plan } = aRollout();
  if (plan === undefined) throw new Error('the rollout has no plan');
  const stages = plan.stages.map((stage) => ({ ...stage, ...(rule && { unreachable: rule }) }));
  return aSight({
    deployment,
    rollout: aRollout({ plan: { ...plan, stages } }),
    lease: aLease({ fence: 8, holder }),
    release: aRelease({ state: 'deploying' }),
    ...more,
  });
}
const rule = (policy: UnreachableRule['policy'], minutes = 60): UnreachableRule => ({ policy, minutes });
const since = (minutes: number) => ({ unreachableSince: iso(-minutes) });

describe('a cluster that does not answer', () => {
  test.each<[string, UnreachableRule | undefined, Partial<DeploymentItem>, string | undefined]>([
    ['counts at once without a rule', undefined, {}, undefined],
    ['counts at once under `fail`', rule('fail'), {}, undefined],
    ['is tried again under `wait`', rule('wait'), {}, 'tried-again'],
    ['is tried again under `skip`', rule('skip'), {}, 'tried-again'],
    ['is tried again until the last minute', rule('wait', 60), since(59), 'tried-again'],
    ['counts after its minutes', rule('wait', 60), since(60), 'errored'],
    ['is passed over after its minutes', rule('skip', 60), since(60), 'passed-over'],
    ['is passed over at once where it has no minutes', rule('skip', 0), {}, 'passed-over'],
    ['counts, though it might be skipped, where helm has made a revision', rule('skip', 0), { revision: 5 }, 'errored'],
    ['and where an earlier try had begun there', rule('skip', 60), { ...since(60), touched: true }, 'errored'],
    ['is no reason to try again in mid-roll-back', rule('wait'), { state: 'rolling-back' }, undefined],
  ])('%s', (_sentence, given, of, expected) => {
    const answer = whenSilent(sight(given, of), SILENT, NOW);
    expect(answer?.is === 'ends' ? answer.result.is : answer?.is).toBe(expected);
  });

  test('counts where this very try has claimed an operation: helm may have changed something', () => {
    const lease = aLease({ fence: 9, holder, operation: anOperation({ fence: 9 }) });
    expect(whenSilent(sight(rule('skip', 0), {}, { lease }), SILENT, NOW)).toMatchObject({ result: { is: 'errored' } });
    const before = aLease({ fence: 9, holder, operation: anOperation({ fence: 8 }) });
    expect(whenSilent(sight(rule('skip', 0), {}, { lease: before }), SILENT, NOW)).toMatchObject({
      result: { is: 'passed-over' },
    });
  });

  test.each(['forbidden', 'internal', 'interrupted'] as const)('is another matter than %s', (code) => {
    const result: DeploymentResult = { is: 'errored', failure: { code, because: 'no' } };
    expect(whenSilent(sight(rule('wait')), result, NOW)).toBeUndefined();
  });

  test('that was changed is not tried again when the line stops', () => {
    const abort = { by: 'ann', reason: 'enough', at: NOW.toISOString() };
    const seen = sight(rule('wait'), { revision: 5 });
    const stopped = { ...seen, rollout: { ...seen.rollout, abort } };
    expect(whenSilent(stopped, SILENT, NOW)).toMatchObject({ is: 'ends', result: { is: 'errored' } });
    const spent = { ...seen, failures: someFailures(1) };
    expect(whenSilent(spent, SILENT, NOW)).toMatchObject({ is: 'ends' });
    const untouched = sight(rule('wait'));
    expect(whenSilent({ ...untouched, rollout: stopped.rollout }, SILENT, NOW)).toMatchObject({ is: 'tried-again' });
  });
});

test.each([
  [0, 30],
  [0.4, 30],
  [1, 60],
  [3, 180],
  [5, 300],
  [50, 300],
])('after %d minutes of silence the pause is %d seconds', (minutes, seconds) => {
  expect(pauseAfter(iso(-minutes), NOW)).toBe(seconds * 1000);
});

test('no pause is longer than what is left', () => {
  const answer = whenSilent(sight(rule('wait', 60), since(58)), SILENT, NOW);
  expect(answer).toMatchObject({ changes: { deferred: { until: iso(2) }, unreachableSince: iso(-58) } });
});

describe('a try that is put off', () => {
  const finish = (of: Partial<DeploymentItem> = {}) => finishDeployment(sight(rule('wait'), of), 1, SILENT, NOW);

  test('goes back to pending, as if it had not begun; not counted, the lease given back', () => {
    const items = putBy(finish().writes);
    expect(items.deployment).toMatchObject({
      state: 'pending',
      unreachableSince: NOW.toISOString(),
      deferred: { on: 'environment', until: later(0.5).toISOString() },
    });
    for (const field of ['startedAt', 'deadline', 'finishedAt', 'outcome', 'touched']) {
      expect(items.deployment).not.toHaveProperty(field);
    }
    expect(items.lease).not.toHaveProperty('holder');
    expect(items.failures).toBeUndefined();
    expect(items.news).toMatchObject({ kind: 'deployment-deferred', environment: 'dev' });
    expect(items.release).toMatchObject({ state: 'deployed' });
  });

  test('remembers that helm had begun, and says so of the release', () => {
    const items = putBy(finish({ state: 'observing', revision: 5 }).writes);
    expect(items.deployment).toMatchObject({ state: 'pending', touched: true });
    expect(items.deployment).not.toHaveProperty('revision');
    expect(items.release).toMatchObject({ state: 'failed', liveRevision: 5 });
  });

  test('is told once, however often it comes back', () => {
    const items = putBy(finish(since(3)).writes);
    expect(items.deployment).toMatchObject({ unreachableSince: iso(-3), state: 'pending' });
    expect(items.news).toBeUndefined();
  });

  test('and whose cluster comes back ends as if nothing had been', () => {
    const seen = sight(rule('wait'), { ...since(3), touched: true, state: 'observing', revision: 6 });
    const items = putBy(finishDeployment(seen, 1, { is: 'ready', revision: 6, because: 'ready' }, NOW).writes);
    expect(items.deployment).toMatchObject({ state: 'succeeded' });
    expect(items.deployment).not.toHaveProperty('unreachableSince');
    expect(items.deployment).not.toHaveProperty('touched');
  });
});

test('what is passed over is skipped, does not count, and left as it was', () => {
  const items = putBy(finishDeployment(sight(rule('skip'), since(60)), 1, SILENT, NOW).writes);
  expect(items.deployment).toMatchObject({ state: 'skipped', outcome: { code: 'unreachable' } });
  expect(items.failures).toBeUndefined();
  expect(items.release).toMatchObject({ state: 'deployed' });
});
