import { beforeEach, describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { deadlineOf } from '../../../domain/deployment/deadline.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { PulledChart } from '../../../domain/ports.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { replace } from '../../../domain/table.ts';
import type { Deps } from '../../../lambdas/deploy-release/deps.ts';
import { DeploymentUnknown, deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import { type PretendCluster, pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aLease,
  anOperation,
  aPackage,
  aRelease,
  later,
  NOW,
  ROLLOUT,
  someInputs,
} from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const layer = { name: 'base', version: 3, digest: 'digest of a: 1', copy: 'rollouts/base' };
const inputs = someInputs({ layers: [layer] });
const deployment = aDeployment({ state: 'applying', begun: 1, inputs, startedAt: NOW.toISOString() });
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };
const release = aRelease({ goodRevision: undefined, liveRevision: undefined });

let table: MemoryTable;
let cluster: PretendCluster;
let chart: PulledChart;
let copies: Map<string, Uint8Array>;
let log: ReturnType<typeof keptLog>;
beforeEach(async () => {
  table = await tableOf(aSight({ deployment, release, lease: aLease({ holder }) }));
  cluster = pretendCluster();
  chart = { pulled: true, archive: Buffer.from('chart') };
  copies = new Map();
  log = keptLog();
});

const deps = (given: Partial<Deps> = {}): Deps => ({
  table,
  patience: { tries: 3, pause: async () => undefined },
  now: () => NOW,
  log,
  digest: async (content) => `digest of ${Buffer.from(content).toString()}`,
  secrets: memorySecrets().of,
  plans: { putOnce: async () => 'written', get: async (key) => copies.get(key) },
  evidence: { putOnce: async () => 'written', get: async () => undefined },
  charts: { resolve: async () => ({ found: false, code: 'unreachable', because: '' }), pull: async () => chart },
  reach: async () => ({ reached: true, cluster }),
  readLayer,
  ...plainValues,
  canonical: (value) => JSON.stringify(value),
  pause: async () => undefined,
  ...given,
});
const pulled = [{ name: 'base', version: 3, value: 'a: 1' }];
const apply = (given: Partial<Deps> = {}, values = pulled, requestId = 'call-1') =>
  deployRelease(deps(given))(
    { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1, operation: 'apply', values, invalid: [] },
    { requestId, hardEnd: later(15) },
  );
const FAILURE = { code: 'not-ready', because: 'it never became ready' };
const lease = async () => table.get(leaseKey(deployment.place));
const now = async () => table.get(keys.deployment(ROLLOUT, 'dev'));

test('applied: revision, digest, time to be ready, event and the end of the operation are written together', async () => {
  expect(await apply()).toEqual({ outcome: 'applied', revision: 1, because: '1.4.2 is revision 1 of web-dev/webui' });
  expect(await now()).toMatchObject({
    state: 'observing',
    revision: 1,
    effectiveDigest: 'digest of {"a":1}',
    observeUntil: later(10).toISOString(),
  });
  expect((await lease())?.operation).toMatchObject({
    kind: 'apply',
    expectedRevision: 1,
    fence: 6,
    overAt: NOW.toISOString(),
  });
  const [told] = await table.query(ranges.news(ROLLOUT));
  expect(told).toMatchObject({ kind: 'deployment-applied', environment: 'dev' });
});

test('the claim ends a minute after the package has had its time, not with the whole invocation', async () => {
  await apply();
  expect((await lease())?.operation?.hardEnd).toBe(later(11).toISOString());
});

describe('values', () => {
  test("are the layers, weakest first, with the rollout's own on top", async () => {
    const request = { type: 'request' as const, v: 1 as const, rev: 1, rolloutId: ROLLOUT, version: '1', stages: [] };
    const key = keys.request(ROLLOUT);
    await table.transact([{ do: 'put', key, item: { ...request, values: { b: { c: null } } }, expect: 'any' }]);
    await apply();
    expect(cluster.upgrades[0]?.values).toEqual({ a: 1, b: { c: null } });
  });
  test.each([
    ['a parameter that is gone', []],
    ['a parameter made anew with other bytes', [{ name: 'base', version: 3, value: 'a: 2' }]],
    ['a parameter of another version', [{ name: 'base', version: 4, value: 'a: 1' }]],
  ])('come from the frozen copy for %s', async (_, values) => {
    copies.set('rollouts/base', Buffer.from('a: 1'));
    expect(await apply({}, values)).toMatchObject({ outcome: 'applied' });
    expect(cluster.upgrades[0]?.values).toEqual({ a: 1 });
  });
  test.each([
    ['is gone', undefined],
    ['was changed', Buffer.from('a: 9')],
  ])('block when the copy %s too, naming the parameter', async (_, copy) => {
    if (copy !== undefined) copies.set('rollouts/base', copy);
    expect(await apply({}, [])).toMatchObject({
      outcome: 'blocked',
      failure: { code: 'values-missing', because: expect.stringContaining('base, version 3') },
    });
  });
  test('block when they are not a map, naming the place and not the text', async () => {
    const broken = [{ name: 'base', version: 3, value: '- secret' }];
    const answer = await apply({ digest: async () => 'digest of a: 1' }, broken);
    expect(answer).toMatchObject({ outcome: 'blocked', failure: { code: 'values-broken' } });
    expect(JSON.stringify(answer)).toContain('base version 3');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
  test('are never logged', async () => {
    await apply({ digest: async () => 'digest of a: 1' }, [{ name: 'base', version: 3, value: 'password: hunter2' }]);
    expect(cluster.upgrades).toHaveLength(1);
    expect(log.lines.join()).not.toContain('hunter2');
  });
});

describe('nothing is claimed', () => {
  test.each<[string, PulledChart, object]>([
    [
      'without the chart',
      { pulled: false, code: 'chart-not-found', because: 'x' },
      { outcome: 'blocked', failure: { code: 'chart-not-found' } },
    ],
    [
      'with another chart',
      { pulled: false, code: 'chart-changed', because: 'x' },
      { outcome: 'blocked', failure: { code: 'chart-changed' } },
    ],
    ['while the registry is down', { pulled: false, code: 'unreachable', because: 'x' }, { outcome: 'unreachable' }],
  ])('%s', async (_, answer, outcome) => {
    chart = answer;
    expect(await apply()).toMatchObject(outcome);
    expect((await lease())?.fence).toBe(5);
  });
  test.each([
    ['unreachable', { outcome: 'unreachable' }],
    [
      'forbidden',
      {
        outcome: 'blocked',
        failure: { code: 'forbidden', because: expect.stringContaining('--environment dev --namespace web') },
      },
    ],
    [
      'unauthorised',
      {
        outcome: 'blocked',
        failure: {
          code: 'forbidden',
          because: expect.stringMatching(/aws-auth.* goes by the name \S+ \(the API server said so\)$/),
        },
      },
    ],
  ] as const)('when the release is %s', async (code, outcome) => {
    await table.transact([{ do: 'put', key: keys.package('webui'), item: aPackage(), expect: 'any' }]);
    cluster.blind = { ok: false, code, because: 'the API server said so' };
    expect(await apply()).toMatchObject(outcome);
    expect((await lease())?.fence).toBe(5);
  });
  test('when the cluster cannot be found', async () => {
    const reach = async () => ({ reached: false as const, because: 'eks says no' });
    expect(await apply({ reach })).toEqual({ outcome: 'unreachable', because: 'eks says no' });
  });
  test('when no waiting will help: the release is not touched, and nobody tries for five minutes', async () => {
    const reach = async () => ({ reached: false as const, never: true, because: 'add account 2 to clusterAccounts' });
    expect(await apply({ reach })).toEqual({
      outcome: 'blocked',
      failure: { code: 'unreachable', because: 'add account 2 to clusterAccounts' },
    });
  });
});

describe('a package with a team', () => {
  const actAs = 'system:serviceaccount:web-dev:web-team';
  const refusedTo = async (user: string, because: string) => {
    table = await tableOf(aSight({ deployment: { ...deployment, actAs: user }, release, lease: aLease({ holder }) }));
    await table.transact([{ do: 'put', key: keys.package('webui'), item: aPackage(), expect: 'any' }]);
    cluster.next = { problem: { code: 'forbidden', because } };
    const answer = await apply();
    expect(answer).toMatchObject({ outcome: 'blocked', failure: { code: 'forbidden' } });
    return 'failure' in answer ? answer.failure.because : '';
  };

  test('is applied by its team', async () => {
    table = await tableOf(aSight({ deployment: { ...deployment, actAs }, release, lease: aLease({ holder }) }));
    expect(await apply()).toMatchObject({ outcome: 'applied' });
    expect(cluster.upgrades.map((run) => run.actAs)).toEqual([actAs]);
  });

  test('whose account the deployer may not act as is blocked, and told how to let it', async () => {
    const words =
      'serviceaccounts "web-team" is forbidden: User "fairlead:r" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "web-dev"';
    expect(await refusedTo(actAs, words)).toBe(
      `${words}: let the deployer act as service account web-dev/web-team: fairlead cluster grant --environment dev --namespace web --team web-team`,
    );
  });

  test('whose account may not do it is blocked, and told that its own rights decide', async () => {
    const words = `ingresses is forbidden: User "${actAs}" cannot create resource "ingresses" in the namespace "web-dev"`;
    expect(await refusedTo(actAs, words)).toBe(
      `${words}: the package acts as service account web-dev/web-team, whose own rights decide: bind a Role with that right to it`,
    );
  });

  test('is told to be granted where its namespace is missing', async () => {
    const words = await refusedTo(actAs, 'namespaces "web-dev" not found');
    expect(words).toMatch(/: fairlead cluster grant --environment dev --namespace web --team web-team$/);
  });

  test('is told of the platform account, when that is whom it acts as', async () => {
    const platform = 'system:serviceaccount:fairlead-system:fairlead-platform';
    const words = await refusedTo(platform, 'User "fairlead:r" cannot impersonate resource "serviceaccounts"');
    expect(words).toMatch(/fairlead-system\/fairlead-platform: fairlead cluster grant --environment dev --platform$/);
  });
});

describe('when helm fails', () => {
  const rejected = {
    code: 'rejected' as const,
    because: 'no',
    objects: [{ kind: 'Deployment', name: 'w', because: 'no' }],
  };
  test('with a revision made, the release was touched', async () => {
    cluster.next = { problem: rejected, leaves: 'failed' };
    expect(await apply()).toMatchObject({ outcome: 'failed', failure: rejected });
    expect(await now()).toMatchObject({ state: 'applying', revision: 1 });
    expect((await lease())?.operation?.overAt).toBeDefined();
  });
  test('without a revision, it was not', async () => {
    cluster.next = { problem: rejected };
    expect(await apply()).toMatchObject({ outcome: 'blocked', failure: rejected });
    expect(await now()).not.toHaveProperty('revision');
    expect((await lease())?.operation?.overAt).toBeDefined();
  });
  test('because our own disk is full, nobody blames the release', async () => {
    cluster.next = { problem: { code: 'disk-full', because: "the deployer's disk is full" } };
    expect(await apply()).toEqual({
      outcome: 'errored',
      failure: { code: 'internal', because: "the deployer's disk is full" },
    });
    expect((await lease())?.operation?.overAt).toBeDefined();
    expect(cluster.revisions).toEqual([]);
  });
  test('because our own disk was full in the middle of it, the release was touched', async () => {
    cluster.next = { problem: { code: 'disk-full', because: 'full' }, leaves: 'failed' };
    expect(await apply()).toMatchObject({ outcome: 'failed', failure: { code: 'internal' } });
  });
  test('because the cluster went away, it is tried again and repaired first', async () => {
    cluster.revisions.push({ status: 'deployed', fence: 2 });
    cluster.next = { problem: { code: 'unreachable', because: 'gone' }, leaves: 'pending-upgrade' };
    const key = keys.release('dev', 'webui');
    await table.transact([replace(key, release, { goodRevision: 1, liveRevision: 1 })]);
    expect(await apply()).toMatchObject({ outcome: 'unreachable' });
    expect(await apply({}, pulled, 'call-2')).toMatchObject({ outcome: 'applied', revision: 4 });
    expect(log.lines.join()).toContain('repairing');
  });
  test('because the fence could not be asked, though the lease is ours, the machine comes back and repairs it', async () => {
    cluster.next = { problem: { code: 'fenced', because: 'the lease is over' }, leaves: 'pending-install' };
    expect(await apply()).toMatchObject({ outcome: 'unreachable', because: expect.stringContaining('still ours') });
    expect(await apply({}, pulled, 'call-2')).toMatchObject({ outcome: 'applied', revision: 1 });
  });
  test('by being killed, it is repaired and run again in the same call', async () => {
    cluster.next = { problem: { code: 'interrupted', because: 'killed' }, leaves: 'pending-install' };
    expect(await apply()).toMatchObject({ outcome: 'applied', revision: 1 });
    expect((await lease())?.fence).toBe(8);
  });
  test.each([
    ['in mid-upgrade, what it left is taken back', 'pending-install', 'failed'],
    ['before it made anything, nothing was touched', undefined, 'blocked'],
  ] as const)('by being killed again and again %s', async (_, leaves, outcome) => {
    cluster.everyUpgrade = { problem: { code: 'interrupted', because: 'killed' }, ...(leaves && { leaves }) };
    expect(await apply()).toMatchObject({ outcome, failure: { code: 'interrupted' } });
  });
  test('to start, the operation is over all the same', async () => {
    cluster.next = 'throws';
    await expect(apply()).rejects.toThrow('did not start');
    expect((await lease())?.operation?.overAt).toBeDefined();
  });
});

test('a release that somebody uninstalled is a first install again: the old good revision is forgotten with all it said', async () => {
  const key = keys.release('dev', 'webui');
  await table.transact([replace(key, release, { goodRevision: 4, liveRevision: 4 })]);
  cluster.next = { problem: { code: 'rejected', because: 'no' }, leaves: 'failed' };
  expect(await apply()).toMatchObject({ outcome: 'failed' });
  const after = await table.get(key);
  for (const field of ['goodRevision', 'liveRevision', 'effectiveDigest', 'version', 'rolloutId'])
    expect(after).not.toHaveProperty(field);
});

test('a second call meanwhile is told to come back, however often the machine retries', async () => {
  const seen = await lease();
  if (seen === undefined) throw new Error('no lease');
  const operation = {
    requestId: 'other',
    kind: 'apply' as const,
    expectedRevision: 1,
    hardEnd: later(2).toISOString(),
  };
  await table.transact([replace(leaseKey(deployment.place), seen, { operation })]);
  expect(await apply()).toEqual({
    outcome: 'busy',
    until: later(2).toISOString(),
    seconds: 120,
    because: expect.stringContaining('apply'),
  });
});

test('two calls at once: one works, the other comes back', async () => {
  const answers = await Promise.all([apply({}, pulled, 'call-1'), apply({}, pulled, 'call-2')]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'busy']);
  expect(cluster.upgrades).toHaveLength(1);
});

test('a try that is not at hand any more changes nothing', async () => {
  const key = keys.deployment(ROLLOUT, 'dev');
  await table.transact([replace(key, deployment, { attempt: 2 })]);
  expect(await apply()).toMatchObject({ outcome: 'lost' });
  expect(cluster.upgrades).toHaveLength(0);
});

test('a deployment ended while helm ran keeps its end; the operation is over, and this call has lost', async () => {
  const { upgrade } = cluster.helm;
  const helm = {
    ...cluster.helm,
    upgrade: async (run: Parameters<typeof upgrade>[0]) => {
      const answer = await upgrade(run);
      const seen = await now();
      if (seen !== undefined)
        await table.transact([replace(keys.deployment(ROLLOUT, 'dev'), seen, { state: 'errored' })]);
      return answer;
    },
  };
  expect(await apply({ reach: async () => ({ reached: true, cluster: { ...cluster, helm } }) })).toMatchObject({
    outcome: 'lost',
  });
  expect(await now()).toMatchObject({ state: 'errored' });
  expect((await lease())?.operation?.overAt).toBeDefined();
});

test('a late call that finds its revision made, while that is taken back already, does not say that it is observed', async () => {
  await apply();
  const history: PretendCluster['releases']['history'] = async (...place) => {
    const seen = await now();
    if (seen === undefined) throw new Error('no deployment');
    const rolling = replace(keys.deployment(ROLLOUT, 'dev'), seen, { state: 'rolling-back' });
    if (seen.state === 'observing') await table.transact([rolling]);
    return cluster.releases.history(...place);
  };
  const late: PretendCluster = { ...cluster, releases: { ...cluster.releases, history } };
  const answer = await apply({ reach: async () => ({ reached: true, cluster: late }) }, pulled, 'call-late');
  expect(answer).toEqual({ outcome: 'lost', because: 'the deployment is being rolled back' });
  expect(await now()).toMatchObject({ state: 'rolling-back' });
});

test('a deployment that nobody knows is a bug, not an outcome', async () => {
  const unknown = {
    v: 1,
    rolloutId: ROLLOUT,
    environment: 'prod',
    attempt: 1,
    operation: 'apply',
    values: [],
    invalid: [],
  };
  const call = { requestId: 'x', hardEnd: later(15) };
  await expect(deployRelease(deps())(unknown, call)).rejects.toThrow(DeploymentUnknown);
});

describe('a call that follows a dead one of the same try', () => {
  const dying = anOperation({ call: 1, expectedRevision: 2, fence: 6, hardEnd: later(11).toISOString() });
  const told = (error: string) => ({ call: 2, broken: [{ call: 1, error }] });
  const asCall = (more: object) =>
    deployRelease(deps())(
      {
        v: 1,
        rolloutId: ROLLOUT,
        environment: 'dev',
        attempt: 1,
        operation: 'apply',
        values: pulled,
        invalid: [],
        ...more,
      },
      { requestId: 'call-2', hardEnd: later(15) },
    );
  beforeEach(async () => {
    const dead = aLease({ holder, fence: 6, operation: dying });
    const good = { ...release, goodRevision: 1, liveRevision: 1 };
    table = await tableOf(aSight({ deployment, release: good, lease: dead }));
    cluster.revisions.push({ status: 'deployed', fence: 2 }, { status: 'pending-upgrade', fence: 6 });
  });

  test.each(['Runtime.ExitError', 'Sandbox.Timedout', 'Lambda.Unknown'])(
    'repairs and goes on at once when its process is known to be over: %s',
    async (error) => {
      expect(await asCall(told(error))).toMatchObject({ outcome: 'applied', revision: 4 });
      expect(cluster.takenBackAs).toHaveLength(1);
      expect((await lease())?.operation).toMatchObject({ requestId: 'call-2', call: 2, fence: 8 });
      expect(log.lines.join()).toContain('an earlier call of this try died');
    },
  );

  test.each([
    ['may still be at work', told('States.Timeout')],
    ['was another call', { call: 3, broken: [{ call: 2, error: 'Runtime.ExitError' }] }],
    ['is not told of, as by a machine of an older version', {}],
  ])('waits for its hard end when it %s', async (_, more) => {
    expect(await asCall(more)).toMatchObject({ outcome: 'busy', until: dying.hardEnd });
    expect((await lease())?.operation).toEqual(dying);
    expect(cluster.upgrades).toEqual([]);
  });

  test('only repairs when the fourth has died: what kills it is not tried again', async () => {
    const dead = [1, 2, 3, 4].map((call) => ({ call, error: 'Runtime.ExitError' }));
    expect(await asCall({ call: 5, broken: dead })).toMatchObject({
      outcome: 'errored',
      failure: {
        code: 'internal',
        because: expect.stringMatching(/^the deployer has died 4 times .*as it was before$/),
      },
    });
    expect(cluster.revisions.at(-1)).toMatchObject({ status: 'deployed' });
    expect(cluster.upgrades).toEqual([]);
    expect((await lease())?.operation?.overAt).toBeDefined();
  });

  test('ends what died even where the cluster cannot be reached now', async () => {
    const answer = await deployRelease(deps({ reach: async () => ({ reached: false, because: 'eks says no' }) }))(
      {
        v: 1,
        rolloutId: ROLLOUT,
        environment: 'dev',
        attempt: 1,
        operation: 'roll-back',
        failure: FAILURE,
        ...told('Runtime.ExitError'),
      },
      { requestId: 'call-2', hardEnd: later(15) },
    );
    expect(answer).toMatchObject({ outcome: 'unreachable' });
    expect((await lease())?.operation).toMatchObject({ overAt: NOW.toISOString() });
  });
});

describe('a chart with hooks that run once its pods are ready', () => {
  const LEFT =
    'the chart has hooks that run once its pods are ready (post-install Job/migrate) and are not declared short';
  beforeEach(() => {
    cluster.hooks = ['post-install Job/migrate'];
  });

  test('is left to a build, claiming nothing; its history says why, and builds get more time', async () => {
    expect(await apply({ leavesPostHooks: true })).toEqual({ outcome: 'elsewhere', because: LEFT });
    expect(cluster.upgrades).toEqual([]);
    const deadline = deadlineOf(10, 'codebuild', NOW).toISOString();
    expect(await lease()).toMatchObject({ fence: 5, holder: { deadline } });
    expect((await lease())?.operation).toBeUndefined();
    expect(await now()).toMatchObject({ state: 'applying', deadline });
    const told = await table.query(ranges.news(ROLLOUT));
    expect(told.at(-1)).toMatchObject({ kind: 'deployment-moved', text: `helm runs in a build, because ${LEFT}` });
  });

  test('is told once, however often it is asked', async () => {
    await apply({ leavesPostHooks: true });
    const before = await table.query(ranges.news(ROLLOUT));
    expect(await apply({ leavesPostHooks: true, now: () => later(1) })).toMatchObject({ outcome: 'elsewhere' });
    expect(await table.query(ranges.news(ROLLOUT))).toEqual(before);
  });

  test('that is lost meanwhile is nobody’s to hand on', async () => {
    const held = await lease();
    if (held === undefined) throw new Error('no lease');
    await table.transact([replace(leaseKey(deployment.place), held, { holder: undefined })]);
    expect(await apply({ leavesPostHooks: true })).toMatchObject({ outcome: 'lost' });
  });

  test.each([
    ['where there are no builds', {}, {}],
    ['where its hooks are declared short', { leavesPostHooks: true }, { shortHooks: true }],
  ])('is applied here %s, helm waiting for readiness before them', async (_, given, declared) => {
    const seen = await now();
    if (seen === undefined) throw new Error('no deployment');
    await table.transact([replace(keys.deployment(ROLLOUT, 'dev'), seen, declared)]);
    expect(await apply(given)).toMatchObject({ outcome: 'applied' });
    expect(cluster.upgrades).toMatchObject([{ waits: true }]);
  });
});

test('helm does not wait for a chart without such hooks', async () => {
  await apply({ leavesPostHooks: true });
  expect(cluster.upgrades).toMatchObject([{ waits: false }]);
});

describe('how long helm took is remembered', () => {
  const clock = (...minutes: number[]) => {
    let calls = 0;
    const slow = pretendSlowly(() => calls++);
    return { slow, now: () => later(calls === 0 ? 0 : (minutes[0] ?? 0)) };
  };
  const pretendSlowly = (tick: () => void) => {
    const upgrade = cluster.helm.upgrade;
    const helm = {
      ...cluster.helm,
      upgrade: async (run: Parameters<typeof upgrade>[0]) => {
        const answer = await upgrade(run);
        tick();
        return answer;
      },
    };
    return { reached: true as const, cluster: { ...cluster, helm } };
  };

  test('with what it made', async () => {
    const { slow, now } = clock(3);
    expect(await apply({ reach: async () => slow, now })).toMatchObject({ outcome: 'applied' });
    expect(await table.get(keys.release('dev', 'webui'))).toMatchObject({ lastSeconds: 180 });
  });

  test('as all the time there was, when it was cut off', async () => {
    cluster.next = { problem: { code: 'out-of-time', because: 'helm was ended' }, leaves: 'pending-install' };
    const { slow, now } = clock(8);
    expect(await apply({ reach: async () => slow, now })).toMatchObject({ outcome: 'failed' });
    expect(await table.get(keys.release('dev', 'webui'))).toMatchObject({ lastSeconds: 11 * 60 });
  });
});

describe('helm that the function’s own end has cut off', () => {
  const long = async () => {
    const seen = await now();
    if (seen === undefined) throw new Error('no deployment');
    await table.transact([replace(keys.deployment(ROLLOUT, 'dev'), seen, { timeoutMinutes: 60 })]);
    cluster.next = { problem: { code: 'out-of-time', because: 'helm was ended' }, leaves: 'pending-install' };
  };

  test('is left to a build, which has the whole time of the package: nothing is to blame', async () => {
    await long();
    expect(await apply({ leavesPostHooks: true })).toEqual({
      outcome: 'elsewhere',
      because: "helm was not done when the function's time was over, and the package has 60 minutes",
    });
    expect((await lease())?.operation).toMatchObject({ overAt: NOW.toISOString() });
    expect((await table.get(keys.release('dev', 'webui')))?.lastSeconds).toBe(15 * 60);
  });

  test('is out of time where there are no builds', async () => {
    await long();
    expect(await apply()).toMatchObject({ outcome: 'failed', failure: { code: 'out-of-time' } });
  });

  test('is out of time where the package’s own time was over', async () => {
    cluster.next = { problem: { code: 'out-of-time', because: 'helm was ended' }, leaves: 'pending-install' };
    expect(await apply({ leavesPostHooks: true })).toMatchObject({
      outcome: 'failed',
      failure: { code: 'out-of-time' },
    });
  });
});
