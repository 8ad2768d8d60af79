import { expect, test } from 'vitest';
import type { DeploymentResult } from '../../../domain/deployment/deployment-result.ts';
import { finishDeployment, giveUpDeployment } from '../../../domain/deployment/finish-deployment.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import { OUTCOME_CODES, type OutcomeCode } from '../../../domain/outcome.ts';
import { DEPLOYMENT_STATES, isFinal, isInFlight } from '../../../domain/states.ts';
import { aSight, putBy } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aHold,
  aLease,
  anOperation,
  aQuarantine,
  aRelease,
  aRollout,
  aWait,
  later,
  NOW,
  OTHER_ROLLOUT,
  ROLLOUT,
  someFailures,
} from '../../support/items.ts';

const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(55).toISOString() };
/** Under way: begun, the lease taken, helm applied as revision 5. */
const observing = (given: Parameters<typeof aDeployment>[0] = {}) =>
  aDeployment({ state: 'observing', begun: 1, revision: 5, effectiveDigest: 'hmac-sha256:new-effective', ...given });
const release = aRelease({ highestSequence: 7, state: 'deploying' });
const underWay = (given: Partial<DeploymentSeen> = {}) =>
  aSight({ deployment: observing(), lease: aLease({ holder }), release, ...given });
const failure = (code: OutcomeCode = 'not-ready') => ({ code, because: `it is ${code}` });
const finish = (result: DeploymentResult, given: Partial<DeploymentSeen> = {}, attempt = 1) =>
  finishDeployment(underWay(given), attempt, result, NOW);
const put = (result: DeploymentResult, given: Partial<DeploymentSeen> = {}) => putBy(finish(result, given).writes);

const READY: DeploymentResult = { is: 'ready', revision: 5, because: 'all 3 objects are ready' };
const ROLLED_BACK: DeploymentResult = { is: 'rolled-back', failure: failure(), revision: 6, evidence: 'the-key' };
const FAILED: DeploymentResult = { is: 'failed', failure: failure() };
const errored = (code: OutcomeCode): DeploymentResult => ({ is: 'errored', failure: failure(code) });

test.each<[DeploymentResult, Partial<DeploymentItem>, number]>([
  [READY, { state: 'succeeded', revision: 5 }, 0],
  [{ is: 'unchanged', revision: 4, because: 'same' }, { state: 'skipped', revision: 4 }, 0],
  [{ is: 'blocked', failure: failure('values-broken') }, { state: 'blocked' }, 1],
  [ROLLED_BACK, { state: 'rolled-back', revision: 5, evidence: 'the-key' }, 1],
  [FAILED, { state: 'failed' }, 1],
  [errored('internal'), { state: 'errored' }, 1],
])('$is is recorded, counted if it must be, and told', (result, expected, failures) => {
  const items = put(result);
  expect(items.deployment).toMatchObject({ ...expected, rev: 2, finishedAt: NOW.toISOString() });
  expect(items.failures?.stage).toBe(failures === 0 ? undefined : 'everyone');
  expect(items.news).toMatchObject({ kind: 'deployment-finished', state: expected.state, environment: 'dev' });
});

test('culprits are kept with the outcome', () => {
  const objects = [{ kind: 'Deployment', name: 'webui', namespace: undefined, because: '0 of 2 are ready' }];
  const { deployment } = put({ is: 'rolled-back', failure: { ...failure(), objects }, revision: 6 });
  expect(deployment?.outcome).toEqual({
    ...failure(),
    objects: [{ kind: 'Deployment', name: 'webui', because: '0 of 2 are ready' }],
  });
});

test.each<[string, number, Partial<DeploymentItem>]>([
  ['an older attempt', 1, { attempt: 2 }],
  ...DEPLOYMENT_STATES.filter((state) => !isInFlight(state)).map((state): [string, number, Partial<DeploymentItem>] => [
    `what is ${state}`,
    1,
    { state },
  ]),
])('finishing %s does nothing', (_, attempt, given) => {
  const { writes, result } = finish(READY, { deployment: observing(given) }, attempt);
  expect(result.outcome).toBe('already-over');
  expect(writes).toEqual([]);
});

test('the lease is given back under the same fence; a live operation keeps others away until its hard end', () => {
  const operation = anOperation();
  const { lease } = put(errored('interrupted'), { lease: aLease({ holder, operation }) });
  expect(lease).toEqual({ ...aLease(), rev: 2, operation });
});

test("a stranger's lease is left alone", () => {
  const stranger = aLease({ holder: { ...holder, rolloutId: OTHER_ROLLOUT } });
  expect(put(READY, { lease: stranger }).lease).toBeUndefined();
});

test.each<[string, DeploymentResult, object]>([
  [
    'ready: our inputs, at a good revision',
    READY,
    {
      state: 'deployed',
      goodRevision: 5,
      liveRevision: 5,
      rolloutId: ROLLOUT,
      version: '1.4.2',
      chartDigest: 'sha256:aaaa',
      inputsDigest: 'hmac-sha256:inputs',
      effectiveDigest: 'hmac-sha256:new-effective',
    },
  ],
  [
    'rolled back: the inputs before, at the revision that helm made of them',
    ROLLED_BACK,
    {
      state: 'deployed',
      goodRevision: 6,
      liveRevision: 6,
      rolloutId: OTHER_ROLLOUT,
      effectiveDigest: 'hmac-sha256:old-effective',
    },
  ],
  [
    'blocked: as before',
    { is: 'blocked', failure: failure('forbidden') },
    { state: 'deployed', goodRevision: 4, liveRevision: 4, rolloutId: OTHER_ROLLOUT },
  ],
])('%s', (_, result, expected) => {
  expect(put(result).release).toMatchObject({ highestSequence: 7, rev: 2, ...expected });
});

test('uninstalled: nothing stands there, and the sequence stays', () => {
  const { release: after } = put({ is: 'rolled-back', failure: failure() });
  expect(after).toEqual({
    type: 'release',
    v: 1,
    rev: 2,
    package: 'webui',
    environment: 'dev',
    highestSequence: 7,
    state: 'absent',
    because: expect.stringContaining('rolled-back'),
    at: NOW.toISOString(),
  });
});

test.each<[string, DeploymentResult]>([
  ['failed', FAILED],
  ['errored after helm had applied', errored('internal')],
])('%s: the good revision is remembered, but nobody knows which inputs stand there', (_, result) => {
  const { release: after } = put(result);
  expect(after).toMatchObject({ state: 'failed', goodRevision: 4, liveRevision: 5 });
  expect(after).not.toHaveProperty('effectiveDigest');
  expect(after).not.toHaveProperty('inputsDigest');
});

test('a cluster that never answered was never changed', () => {
  const deployment = observing({ state: 'applying', revision: undefined });
  expect(put(errored('unreachable'), { deployment }).release).toMatchObject({
    state: 'deployed',
    goodRevision: 4,
    effectiveDigest: 'hmac-sha256:old-effective',
  });
});

test('blocked where nothing ever stood: still nothing', () => {
  const first = aRelease({ highestSequence: 7, state: 'deploying', goodRevision: undefined, liveRevision: undefined });
  expect(put({ is: 'blocked', failure: failure('forbidden') }, { release: first }).release).toMatchObject({
    state: 'absent',
  });
});

test('rolled back over something unknown: the digests of the unknown are not taken for those of the good revision', () => {
  const unknown = aRelease({ highestSequence: 7, liveRevision: 9 });
  const { release: after } = put(ROLLED_BACK, { release: unknown });
  expect(after).toMatchObject({ state: 'deployed', goodRevision: 6 });
  expect(after).not.toHaveProperty('effectiveDigest');
});

test('a newer rollout that has begun here keeps its own record', () => {
  const newer = aRelease({ highestSequence: 8 });
  const items = put(FAILED, { release: newer });
  expect(items.release).toBeUndefined();
  expect(items.hold).toBeUndefined();
  expect(items.deployment?.state).toBe('failed');
});

const TO_BLAME = ['not-ready', 'rejected', 'hook-failed', 'out-of-time'];
test.each(
  OUTCOME_CODES.flatMap((code) =>
    (['rolled-back', 'failed', 'blocked', 'errored'] as const).map((is) => [is, code] as const),
  ),
)('%s with %s quarantines only what was applied and proved bad', (is, code) => {
  const items = put({ is, failure: failure(code) });
  const bad = (is === 'rolled-back' || is === 'failed') && TO_BLAME.includes(code);
  expect(items.quarantine !== undefined).toBe(bad);
  if (bad) expect(items.quarantine).toMatchObject({ inputsDigest: 'hmac-sha256:inputs', rolloutId: ROLLOUT });
});

test('only a failed rollback holds the environment, and says why', () => {
  expect(put(FAILED).hold).toMatchObject({
    kind: 'failed-rollback',
    by: 'fairlead',
    reason: expect.stringContaining('it is not-ready'),
  });
  for (const result of [READY, ROLLED_BACK, errored('internal')]) expect(put(result).hold).toBeUndefined();
  const long = { is: 'failed' as const, failure: { code: 'not-ready' as const, because: 'x'.repeat(2000) } };
  expect(put(long).hold?.reason.length).toBe(1000);
});

test('a hold or quarantine that stands there already is left in its own words', () => {
  const items = put(FAILED, { hold: aHold(), quarantine: aQuarantine() });
  expect(items.hold).toBeUndefined();
  expect(items.quarantine).toBeUndefined();
});

test('whoever waits for the rollout is woken by its revision; nobody waiting, nobody touched', () => {
  expect(put(READY, { wait: aWait() }).rollout).toEqual(aRollout({ rev: 2 }));
  const { writes } = finish(READY);
  expect(putBy(writes).rollout).toBeUndefined();
  expect(writes).toContainEqual({ do: 'check', key: expect.objectContaining({ sk: 'WAIT' }), expect: 'absent' });
});

test('giving up a deployment whose attempts never began records it as lost, and touches no release', () => {
  const deployment = aDeployment({ attempt: 3, lost: 3 });
  const items = putBy(
    giveUpDeployment(aSight({ deployment, release }), { code: 'lost', because: 'three attempts were lost' }, NOW)
      .writes,
  );
  expect(items.deployment).toMatchObject({
    state: 'errored',
    outcome: { code: 'lost', because: 'three attempts were lost' },
  });
  expect(items.failures).toMatchObject({ stage: 'everyone', count: 1 });
  expect(items.release).toBeUndefined();
});

test('giving up what is in flight gives its lease back', () => {
  const items = putBy(giveUpDeployment(underWay(), { code: 'lost', because: 'beyond its deadline' }, NOW).writes);
  expect(items.deployment).toMatchObject({ state: 'errored', outcome: { code: 'lost' } });
  expect(items.lease).not.toHaveProperty('holder');
  expect(items.release).toMatchObject({ state: 'failed' });
});

test.each(DEPLOYMENT_STATES.filter(isFinal))('what is %s cannot be given up', (state) => {
  expect(
    giveUpDeployment(underWay({ deployment: observing({ state }) }), { code: 'lost', because: 'why' }, NOW).writes,
  ).toEqual([]);
});

test.each([READY, ROLLED_BACK, FAILED, errored('internal')])(
  'how long helm took is remembered beyond $is, for Begin to choose by',
  (result) => {
    expect(put(result, { release: { ...release, lastSeconds: 700 } }).release).toMatchObject({ lastSeconds: 700 });
  },
);

test('failures add up', () => {
  expect(put(FAILED, { failures: someFailures(2) }).failures).toMatchObject({ count: 3, rev: 2 });
});
