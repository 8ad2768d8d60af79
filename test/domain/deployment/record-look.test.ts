import { describe, expect, test } from 'vitest';
import { judgeBegin } from '../../../domain/deployment/begin-deployment.ts';
import type { DeploymentResult } from '../../../domain/deployment/deployment-result.ts';
import { finishDeployment, giveUpDeployment } from '../../../domain/deployment/finish-deployment.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import { beginDeployment } from '../../../domain/deployment/record-begin.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { OutcomeCode } from '../../../domain/outcome.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aSight, DEPLOYERS, putBy } from '../../support/deployment-table.ts';
import { aDeployment, aRelease, aRollout, later, NOW, ROLLOUT, someInputs } from '../../support/items.ts';

const iso = (minutes: number) => later(minutes).toISOString();
const good = (rolloutId: string, inputsDigest: string, revision: number) => ({
  rolloutId,
  version: '1.4.2',
  chartDigest: 'sha256:x',
  inputsDigest,
  revision,
  at: NOW.toISOString(),
});
const ours = someInputs().digest;
/** Succeeded twelve minutes ago; its second attempt is a look. */
const looking = (of: Partial<DeploymentItem> = {}, more: Partial<DeploymentSeen> = {}): DeploymentSeen => {
  const at = { state: 'succeeded' as const, attempt: 2, begun: 1, revision: 5, finishedAt: iso(-12) };
  const deployment = aDeployment({ ...at, ...of });
  const release = aRelease({
    highestSequence: deployment.sequence,
    state: 'deployed',
    rolloutId: ROLLOUT,
    goodRevision: 5,
    liveRevision: 5,
    good: [good('older', 'hmac-sha256:older', 3), good(ROLLOUT, ours, 5)],
  });
  return aSight({ deployment, release, ...more });
};
const finish = (result: DeploymentResult, seen = looking(), now = NOW) => finishDeployment(seen, 2, result, now);
const soured = (code: OutcomeCode = 'not-ready'): DeploymentResult => ({
  is: 'soured',
  failure: { code, because: '0 of 1 pods are ready' },
  evidence: 'the-key',
});
const errored = (code: OutcomeCode): DeploymentResult => ({
  is: 'errored',
  failure: { code, because: 'ECONNREFUSED' },
});

describe('beginning a look', () => {
  const begin = (of: Partial<DeploymentItem> = {}) => ({
    ...looking(of),
    deployers: DEPLOYERS,
    freezes: [],
    calendar: CALENDAR,
  });

  test('takes nothing and writes nothing, and says what to look at and for how long', () => {
    const { writes, result } = beginDeployment(begin(), 2, NOW);
    expect(writes).toEqual([]);
    expect(result).toMatchObject({ outcome: 'looks', revision: 5, until: iso(2), deployer: DEPLOYERS['default'] });
  });

  test.each<[string, Partial<DeploymentItem>, number]>([
    ['that was recorded already', { begun: 2 }, 2],
    ['that is not the one at hand', { attempt: 3 }, 2],
    ['at what failed meanwhile', { state: 'failed' }, 2],
  ])('is not done %s', (_sentence, of, attempt) => {
    expect(judgeBegin(begin(of), attempt, NOW).is).toBe('not-ours');
  });

  test('is not done for a rollout that is over', () => {
    expect(judgeBegin({ ...begin(), rollout: aRollout({ state: 'aborted' }) }, 2, NOW).is).toBe('not-ours');
  });
});

test('what stands well is noted, quietly', () => {
  const items = putBy(finish({ is: 'still-ready', because: 'all ready' }).writes);
  expect(items.deployment).toMatchObject({ state: 'succeeded', begun: 2, lost: 0, lookedAt: NOW.toISOString() });
  expect(items.deployment).toMatchObject({ finishedAt: iso(-12) });
  expect(items.news).toBeUndefined();
});

describe('what turned bad', () => {
  const items = putBy(finish(soured()).writes);

  test('has failed, with evidence, and counts', () => {
    expect(items.deployment).toMatchObject({
      state: 'failed',
      evidence: 'the-key',
      finishedAt: iso(-12),
      lookedAt: NOW.toISOString(),
      outcome: {
        code: 'unhealthy',
        because: expect.stringMatching(
          /^became unhealthy 12 minutes after it was ready: 0 of 1 pods are ready; .*fairlead rollback webui --last-good/,
        ),
      },
    });
    expect(items.failures).toMatchObject({ stage: 'everyone' });
    expect(items.news).toMatchObject({ kind: 'deployment-finished', state: 'failed' });
  });

  test('is left to a person: not held, not quarantined', () => {
    expect(items.hold).toBeUndefined();
    expect(items.quarantine).toBeUndefined();
    expect(items.lease).toBeUndefined();
  });

  test('is nothing to roll back to: the good inputs before it are', () => {
    expect(items.release).toMatchObject({
      state: 'failed',
      goodRevision: 3,
      liveRevision: 5,
      good: [{ rolloutId: 'older' }],
      tried: { rolloutId: ROLLOUT, inputsDigest: ours },
    });
    expect(items.release).not.toHaveProperty('rolloutId');
  });

  test('where it was the first that ever was good, nothing is left to roll back to', () => {
    const seen = looking();
    const first = { ...seen, release: aRelease({ ...seen.release, good: [good(ROLLOUT, ours, 5)] }) };
    expect(putBy(finish(soured(), first).writes).release).not.toHaveProperty('goodRevision');
  });
});

test.each([soured(), soured('foreign-operation'), errored('unreachable')])(
  'what a newer rollout has begun since is not ours to judge',
  (result) => {
    const seen = looking();
    const newer = { ...seen, release: aRelease({ ...seen.release, highestSequence: 99 }) };
    const { release, deployment, news, failures } = putBy(finish(result, newer).writes);
    expect(release).toBeUndefined();
    expect(deployment).toMatchObject({ state: 'succeeded', begun: 2, lost: 0, lookedAt: NOW.toISOString() });
    expect(news).toMatchObject({ kind: 'deployment-looked-at', text: expect.stringContaining('a newer rollout') });
    expect(failures).toBeUndefined();
  },
);

test('what somebody else has changed has failed its soak too, in other words; ours stays the last that was good', () => {
  const { deployment, release } = putBy(finish(soured('foreign-operation')).writes);
  expect(deployment?.outcome).toMatchObject({
    code: 'unhealthy',
    because: expect.stringContaining('revision 5 was no longer ours to see 12 minutes after it was ready'),
  });
  expect(release).toMatchObject({ state: 'failed', goodRevision: 5 });
  expect(release).not.toHaveProperty('liveRevision');
});

describe('a look that saw nothing', () => {
  test.each(['unreachable', 'forbidden', 'internal', 'interrupted'] as const)('(%s) is done again', (code) => {
    const items = putBy(finish(errored(code)).writes);
    expect(items.deployment).toMatchObject({
      state: 'succeeded',
      begun: 2,
      unreachableSince: NOW.toISOString(),
      deferred: { on: 'environment', until: iso(0.5) },
    });
    expect(items.deployment).not.toHaveProperty('lookedAt');
    expect(items.news).toMatchObject({ kind: 'deployment-deferred' });
  });

  test.each([
    [9, 'succeeded'],
    [10, 'errored'],
  ])('for %d minutes: %s', (minutes, state) => {
    const items = putBy(finish(errored('unreachable'), looking({ unreachableSince: iso(-minutes) })).writes);
    expect(items.deployment).toMatchObject({ state });
    expect(items.failures?.stage).toBe(state === 'errored' ? 'everyone' : undefined);
  });

  test('is told when the cluster answers again', () => {
    const seen = looking({ unreachableSince: iso(-3), deferred: { on: 'environment', until: iso(0), because: 'x' } });
    const items = putBy(finish({ is: 'still-ready', because: 'all ready' }, seen).writes);
    expect(items.news).toMatchObject({ kind: 'deployment-looked-at', environment: 'dev' });
    expect(items.deployment).not.toHaveProperty('unreachableSince');
    expect(items.deployment).not.toHaveProperty('deferred');
  });
});

test('three looks in a row that were never recorded are given up, two are not', () => {
  const why = { code: 'lost' as const, because: 'three looks were lost' };
  expect(giveUpDeployment(looking({ lost: 1 }), why, NOW).writes).toEqual([]);
  const items = putBy(giveUpDeployment(looking({ lost: 2 }), why, NOW).writes);
  expect(items.deployment).toMatchObject({ state: 'errored', outcome: why });
  expect(items.failures).toMatchObject({ stage: 'everyone' });
  expect(items.release).toBeUndefined();
});

test('a look whose execution somebody stopped is recorded once, by whoever comes first', () => {
  const seen = looking({ begun: 2, lookedAt: NOW.toISOString() });
  expect(finish(errored('interrupted'), seen).result.outcome).toBe('already-over');
});

test('a deployment under way cannot end as a look', () => {
  const seen = aSight({ deployment: aDeployment({ state: 'observing', attempt: 2, begun: 2 }) });
  expect(finishDeployment(seen, 2, soured(), NOW).writes).toEqual([]);
});
