import { beforeEach, describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import { type PretendCluster, pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, aLease, aRelease, later, NOW, ROLLOUT } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const deployment = aDeployment({ state: 'observing', begun: 1, revision: 2 });
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };

let table: MemoryTable;
let cluster: PretendCluster;
beforeEach(async () => {
  const release = aRelease({ goodRevision: 1, liveRevision: 1 });
  table = await tableOf(aSight({ deployment, release, lease: aLease({ holder }) }));
  cluster = pretendCluster([
    { status: 'superseded', fence: 2 },
    { status: 'deployed', fence: 5 },
  ]);
});

const rollBack = (requestId = 'call-1') =>
  deployRelease({
    table,
    patience: { tries: 3, pause: async () => undefined },
    now: () => NOW,
    log: keptLog(),
    digest: async () => 'digest',
    plans: { putOnce: async () => 'written', get: async () => undefined },
    evidence: { putOnce: async () => 'written', get: async () => undefined },
    charts: {
      resolve: async () => ({ found: false, code: 'unreachable', because: '' }),
      pull: async () => ({ pulled: false, code: 'unreachable', because: '' }),
    },
    reach: async () => ({ reached: true, cluster }),
    readLayer,
    canonical: JSON.stringify,
    pause: async () => undefined,
  })(
    {
      v: 1,
      rolloutId: ROLLOUT,
      environment: 'dev',
      attempt: 1,
      operation: 'roll-back',
      failure: { code: 'not-ready', because: 'Deployment webui never became ready' },
    },
    { requestId, hardEnd: later(15) },
  );
const lease = async () => table.get(leaseKey(deployment.place));
const now = async () => table.get(keys.deployment(ROLLOUT, 'dev'));

test('back to the good revision: the history says so and why, and the good one gets its time to be ready', async () => {
  expect(await rollBack()).toEqual({ outcome: 'rolled-back', revision: 3, because: 'revision 3 is revision 1 again' });
  expect(await now()).toMatchObject({ state: 'rolling-back', revision: 2, observeUntil: later(10).toISOString() });
  expect((await lease())?.operation).toMatchObject({ kind: 'roll-back', overAt: NOW.toISOString() });
  expect(await table.get(keys.event(ROLLOUT, 4))).toMatchObject({
    kind: 'roll-back-started',
    text: 'back to revision 1, because Deployment webui never became ready',
  });
});

describe('a deployment that acts as its team', () => {
  const actAs = 'system:serviceaccount:web-dev:web-team';
  const asTeam = (revision: number, goodRevision: number | undefined) =>
    tableOf(
      aSight({
        deployment: { ...deployment, revision, actAs },
        release: aRelease({ goodRevision, liveRevision: goodRevision }),
        lease: aLease({ holder }),
      }),
    );

  test('is rolled back by its team', async () => {
    table = await asTeam(2, 1);
    expect(await rollBack()).toMatchObject({ outcome: 'rolled-back' });
    expect(cluster.takenBackAs).toEqual([actAs]);
  });

  test('is taken away by its team', async () => {
    table = await asTeam(1, undefined);
    cluster = pretendCluster([{ status: 'deployed', fence: 5 }]);
    expect(await rollBack()).toMatchObject({ outcome: 'uninstalled' });
    expect(cluster.takenBackAs).toEqual([actAs]);
  });
});

test('asked twice, it rolls back once and tells the history once', async () => {
  await rollBack();
  expect(await rollBack('call-2')).toMatchObject({ outcome: 'rolled-back', revision: 3 });
  expect(cluster.revisions).toHaveLength(3);
  expect(await table.get(keys.event(ROLLOUT, 5))).toBeUndefined();
});

test('a first install is taken away', async () => {
  table = await tableOf(
    aSight({
      deployment: { ...deployment, revision: 1 },
      release: aRelease({ goodRevision: undefined, liveRevision: undefined }),
      lease: aLease({ holder }),
    }),
  );
  cluster = pretendCluster([{ status: 'failed', fence: 5 }]);
  expect(await rollBack()).toMatchObject({ outcome: 'uninstalled' });
  expect(cluster.revisions).toEqual([]);
  expect((await lease())?.operation).toMatchObject({ kind: 'uninstall', overAt: NOW.toISOString() });
});

test("somebody else's revision is left alone", async () => {
  cluster.revisions.push({ status: 'deployed', fence: 5 });
  expect(await rollBack()).toMatchObject({
    outcome: 'refused',
    because: expect.stringContaining('revision 3 is not ours'),
  });
  expect(await now()).toMatchObject({ state: 'observing' });
});

describe('when helm fails', () => {
  test.each([
    ['the cluster says no', 'conflict', { outcome: 'refused', because: 'rolling back to revision 1 did not work: no' }],
    ['the cluster is gone', 'unreachable', { outcome: 'unreachable' }],
    ['the cluster does not know us now', 'unauthorised', { outcome: 'unreachable', code: 'forbidden' }],
    ['the fence closed though the lease is still ours', 'fenced', { outcome: 'unreachable' }],
  ] as const)('because %s', async (_, code, answer) => {
    cluster.next = { problem: { code, because: 'no' } };
    expect(await rollBack()).toMatchObject(answer);
    expect((await lease())?.operation?.overAt).toBeDefined();
  });
  test('by being killed, it goes on', async () => {
    cluster.next = { problem: { code: 'interrupted', because: 'killed' }, leaves: 'pending-rollback' };
    expect(await rollBack()).toMatchObject({ outcome: 'rolled-back', revision: 4 });
  });
});

test.each([
  ['unreachable', { outcome: 'unreachable' }],
  // Rights may come back: the machine asks for five minutes before it gives the roll-back up.
  ['forbidden', { outcome: 'unreachable', code: 'forbidden' }],
  ['unauthorised', { outcome: 'unreachable', code: 'forbidden' }],
] as const)('a release that is %s', async (code, answer) => {
  cluster.blind = { ok: false, code, because: 'the API server said so' };
  expect(await rollBack()).toMatchObject(answer);
});
