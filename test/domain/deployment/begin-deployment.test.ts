import { describe, expect, test } from 'vitest';
import { type BeginSeen, type BeginVerdict, judgeBegin } from '../../../domain/deployment/begin-deployment.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import { beginDeployment } from '../../../domain/deployment/record-begin.ts';
import { DEPLOYMENT_STATES } from '../../../domain/states.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aSight, DEPLOYERS, putBy } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aHold,
  aLease,
  anOperation,
  aQuarantine,
  aRelease,
  aRollout,
  aStage,
  later,
  NOW,
  OTHER_ROLLOUT,
  ROLLOUT,
  someFailures,
  someInputs,
} from '../../support/items.ts';

const sight = (given: Partial<DeploymentSeen>) => ({
  ...aSight(given),
  deployers: DEPLOYERS,
  freezes: [],
  calendar: CALENDAR,
});
const judge = (given: Partial<DeploymentSeen> = {}, attempt = 1) => judgeBegin(sight(given), attempt, NOW);
const begin = (given: Partial<DeploymentSeen> = {}, attempt = 1) => beginDeployment(sight(given), attempt, NOW);
const abort = { by: 'operator/ann', reason: 'wrong version', at: NOW.toISOString() };
const other = (minutes: number) => ({
  rolloutId: OTHER_ROLLOUT,
  environment: 'dev',
  attempt: 3,
  deadline: later(minutes).toISOString(),
});
const budget = (failureBudget: number) => {
  const rollout = aRollout();
  return {
    ...rollout,
    ...(rollout.plan && { plan: { ...rollout.plan, stages: [{ ...aStage({ failureBudget }), size: 3 }] } }),
  };
};

test.each<[string, Partial<DeploymentSeen>, Partial<BeginVerdict>]>([
  ['nothing in the way: it begins', {}, { is: 'begins', deadline: later(2 * 10 + 35) }],
  ['an aborted rollout stops', { rollout: aRollout({ abort }) }, { is: 'skipped', code: 'stopped' }],
  ['a spent budget stops', { failures: someFailures(1) }, { is: 'skipped', code: 'stopped' }],
  ['a budget that is not spent does not stop', { failures: someFailures(1), rollout: budget(1) }, { is: 'begins' }],
  ['a disabled package is skipped', { hold: aHold({ kind: 'disabled' }) }, { is: 'skipped', code: 'disabled' }],
  ['a held package is skipped', { hold: aHold() }, { is: 'skipped', code: 'held' }],
  ['a failed rollback holds', { hold: aHold({ kind: 'failed-rollback' }) }, { is: 'skipped', code: 'held' }],
  ['a newer rollout began here', { release: aRelease({ highestSequence: 8 }) }, { is: 'skipped', code: 'superseded' }],
  ['this very rollout began here before', { release: aRelease({ highestSequence: 7 }) }, { is: 'begins' }],
  ['inputs that proved bad are blocked', { quarantine: aQuarantine() }, { is: 'blocked', code: 'quarantined' }],
  [
    'a deployer that is no longer configured is blocked',
    { deployment: aDeployment({ deployer: 'gone' }) },
    { is: 'blocked', code: 'no-deployer' },
  ],
  [
    'a deployer called like something that every object has is no deployer',
    { deployment: aDeployment({ deployer: 'constructor' }) },
    { is: 'blocked', code: 'no-deployer' },
  ],
  [
    'a busy lease is looked at again after half a minute',
    { lease: aLease({ holder: other(50) }) },
    { is: 'deferred', until: later(0.5) },
  ],
  [
    'a lease that ends sooner is looked at when it ends',
    { lease: aLease({ holder: other(0.25) }) },
    { is: 'deferred', until: later(0.25) },
  ],
  [
    'a freed lease whose last operation may be at work is busy',
    { lease: aLease({ operation: anOperation() }) },
    { is: 'deferred' },
  ],
  ['a lease beyond its deadline is free', { lease: aLease({ holder: other(-1) }) }, { is: 'begins' }],
  [
    'an earlier attempt of ours is a stranger',
    {
      lease: aLease({ holder: { ...other(5), rolloutId: ROLLOUT, attempt: 1 } }),
      deployment: aDeployment({ attempt: 2 }),
    },
    { is: 'deferred' },
  ],
])('%s', (_, given, verdict) => {
  expect(judge(given, given.deployment?.attempt ?? 1)).toMatchObject(verdict);
});

test.each<[string, Partial<DeploymentSeen>, string]>([
  ['an abort comes before a hold', { rollout: aRollout({ abort }), hold: aHold() }, 'stopped'],
  ['a hold comes before a newer rollout', { hold: aHold(), release: aRelease({ highestSequence: 8 }) }, 'held'],
  [
    'a newer rollout comes before a quarantine',
    { release: aRelease({ highestSequence: 8 }), quarantine: aQuarantine() },
    'superseded',
  ],
  ['a hold comes before a missing deployer', { hold: aHold(), deployment: aDeployment({ deployer: 'gone' }) }, 'held'],
  [
    'a quarantine comes before a busy lease',
    { quarantine: aQuarantine(), lease: aLease({ holder: other(5) }) },
    'quarantined',
  ],
])('%s', (_, given, code) => {
  expect(judge(given)).toMatchObject({ code });
});

test.each<[string, Partial<DeploymentSeen>]>([
  ['an older attempt', { deployment: aDeployment({ attempt: 2 }) }],
  ['an attempt that was never raised', { deployment: aDeployment({ attempt: 0 }) }],
  ['an attempt that was deferred', { deployment: aDeployment({ begun: 1 }) }],
  ['a rollout that is over', { rollout: aRollout({ state: 'aborted' }) }],
  ['a rollout without a plan', { rollout: aRollout({ plan: undefined }) }],
  ...DEPLOYMENT_STATES.filter((state) => state !== 'pending').map((state): [string, Partial<DeploymentSeen>] => [
    `what is ${state}`,
    { deployment: aDeployment({ state, begun: 1 }) },
  ]),
])('%s is not begun, and nothing is written', (_, given) => {
  const { writes, result } = begin(given);
  expect(result.outcome).toBe('not-begun');
  expect(writes).toEqual([]);
});

test('the same try asking again gets the same answer, and writes nothing', () => {
  const layers = [{ name: 'a', version: 3, digest: 'd', copy: 'c' }];
  const deployment = aDeployment({ inputs: someInputs({ layers }) });
  const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(55).toISOString() };
  const again = begin({ deployment: { ...deployment, state: 'applying', begun: 1 }, lease: aLease({ holder }) });
  expect(again.writes).toEqual([]);
  expect(again.result).toMatchObject({ outcome: 'begun', deployer: DEPLOYERS.default, batches: [['a:3']] });
});

test.each(Object.entries(DEPLOYERS))(
  'the machine is sent to the deployer that the environment asks for: %s',
  (deployer, is) => {
    expect(begin({ deployment: aDeployment({ deployer }) }).result).toMatchObject({ outcome: 'begun', deployer: is });
  },
);

test('a deployer that went away ends the deployment in words: what was asked for, what there is, what to do', () => {
  const { writes, result } = begin({ deployment: aDeployment({ deployer: 'gone' }) });
  expect(result.outcome).toBe('not-begun');
  const { deployment, lease } = putBy(writes);
  expect(lease).toBeUndefined();
  expect(deployment).toMatchObject({ state: 'blocked', outcome: { code: 'no-deployer' } });
  expect(deployment?.outcome?.because).toBe(
    "dev asks for deployer 'gone', which this installation does not have (it has default, private): put it back into fairlead.yaml, or register dev with another and roll out again",
  );
});

test('beginning takes the lease under a higher fence and leaves the last operation for repair', () => {
  const operation = anOperation({ overAt: NOW.toISOString() });
  const { lease } = putBy(begin({ lease: aLease({ holder: other(-1), operation }) }).writes);
  const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(55).toISOString() };
  expect(lease).toEqual({ ...aLease(), rev: 2, fence: 6, holder, operation });
});

test('beginning marks deployment and release, and says so in the history', () => {
  const deployment = aDeployment({
    lost: 2,
    deferred: { on: 'lease', until: NOW.toISOString(), because: 'busy' },
  });
  const put = putBy(begin({ deployment, release: aRelease() }).writes);
  expect(put.deployment).toEqual({
    ...aDeployment(),
    rev: 2,
    state: 'applying',
    begun: 1,
    lost: 0,
    startedAt: NOW.toISOString(),
    deadline: later(55).toISOString(),
  });
  expect(put.release).toMatchObject({
    highestSequence: 7,
    state: 'deploying',
    goodRevision: 4,
    rolloutId: OTHER_ROLLOUT,
  });
  expect(put.news).toMatchObject({ kind: 'deployment-begun', environment: 'dev', stage: 'everyone' });
});

test('the first deployment into an environment makes its release and lease', () => {
  const put = putBy(begin().writes);
  expect(put.lease).toMatchObject({ rev: 1, fence: 1, cluster: '111111111111/eu-north-1/main' });
  expect(put.release).toMatchObject({ rev: 1, highestSequence: 7, state: 'deploying' });
});

test('parameters are pulled by exact version, ten a call, as many as a machine can carry', () => {
  const layers = Array.from({ length: 23 }, (_, i) => ({ name: `p${i}`, version: i + 1, digest: 'd', copy: 'c' }));
  const { result } = begin({ deployment: aDeployment({ inputs: someInputs({ layers }) }) });
  const batches = result.outcome === 'begun' ? result.batches : [];
  expect(batches.map(({ length }) => length)).toEqual([10, 2]);
  expect(batches.flat()[11]).toBe('p11:12');
});

test('what was skipped is over and does not count', () => {
  const put = putBy(begin({ hold: aHold() }).writes);
  expect(put.deployment).toMatchObject({
    state: 'skipped',
    begun: 1,
    finishedAt: NOW.toISOString(),
    outcome: { code: 'held' },
  });
  expect(put.deployment?.outcome?.because).toContain('load test');
  expect(put.failures).toBeUndefined();
  expect(put.news).toMatchObject({ kind: 'deployment-finished', state: 'skipped' });
  expect(put.lease).toBeUndefined();
});

test('what was blocked is over and counts', () => {
  const put = putBy(begin({ quarantine: aQuarantine() }).writes);
  expect(put.deployment).toMatchObject({ state: 'blocked', outcome: { code: 'quarantined' } });
  expect(put.failures).toMatchObject({ stage: 'everyone', count: 1 });
});

test('what was deferred is pending, was begun, and is told once a reason', () => {
  const lease = aLease({ holder: other(50) });
  const first = putBy(begin({ lease }).writes);
  expect(first.deployment).toMatchObject({
    state: 'pending',
    begun: 1,
    lost: 0,
    deferred: { on: 'lease', until: later(0.5).toISOString() },
  });
  expect(first.news).toMatchObject({ kind: 'deployment-deferred' });
  expect(first.lease).toBeUndefined();
  const deferred = first.deployment?.deferred;
  const again = putBy(
    begin({ lease, deployment: aDeployment({ attempt: 2, begun: 1, ...(deferred && { deferred }) }) }, 2).writes,
  );
  expect(again.deployment).toMatchObject({ begun: 2 });
  expect(again.news).toBeUndefined();
});

describe('where helm runs', () => {
  const project = 'fairlead-deployer';
  const ways = { default: { project, alwaysBuilds: false, limitSeconds: 900 } };
  const beginWith = (given: Partial<DeploymentSeen> = {}, more: Partial<BeginSeen> = { ways }) =>
    beginDeployment({ ...sight(given), ...more }, 1, NOW);
  const wants = aDeployment({ executor: 'codebuild' });

  test('is answered to the machine, with the project that it may need', () => {
    expect(beginWith().result).toMatchObject({ outcome: 'begun', executor: 'lambda', project });
    expect(beginWith({ deployment: wants }).result).toMatchObject({ outcome: 'begun', executor: 'codebuild', project });
  });

  test('is told in the history when it is no matter of course', () => {
    const told = (given: Partial<DeploymentSeen>) => putBy(beginWith(given).writes).news?.text;
    expect(told({})).toBe('webui 1.4.2 begins in dev (attempt 1)');
    expect(told({ deployment: wants })).toBe(
      'webui 1.4.2 begins in dev (attempt 1), in a build: package webui asks for it',
    );
    expect(told({ release: aRelease({ lastSeconds: 800 }) })).toContain('in a build: the last operation of webui');
  });

  test('gives builds more time', () => {
    const put = putBy(beginWith({ deployment: wants }).writes);
    const deadline = later(3 * 10 + 35 + 90).toISOString();
    expect(put.deployment).toMatchObject({ deadline });
    expect(put.lease?.holder).toMatchObject({ deadline });
  });

  test('is nowhere, when the package asks for builds that are not there: nothing begins', () => {
    const { writes, result } = beginWith({ deployment: wants }, {});
    expect(result).toMatchObject({ outcome: 'not-begun' });
    expect(putBy(writes).deployment).toMatchObject({ state: 'blocked', outcome: { code: 'no-deployer' } });
    expect(putBy(writes).lease).toBeUndefined();
  });

  test('is answered the same to who asks again', () => {
    const { deployment, lease } = putBy(beginWith({ deployment: wants }).writes);
    const again = beginWith({ ...(deployment && { deployment }), lease });
    expect(again.writes).toEqual([]);
    expect(again.result).toMatchObject({ outcome: 'begun', executor: 'codebuild', project });
  });
});
