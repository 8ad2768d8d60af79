import { beforeEach, describe, expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import { type PretendCluster, pretendCluster } from '../../support/deployer/pretend-cluster.ts';
import { plainValues } from '../../support/deployer/values-deps.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import {
  aDeployment,
  aLease,
  anOperation,
  aRelease,
  later,
  NOW,
  OTHER_ROLLOUT,
  ROLLOUT,
  someInputs,
} from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const deployment = aDeployment({ state: 'observing', begun: 1, revision: 2 });
const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };

const layer = { name: 'base', version: 3, digest: 'digest of colour: blue', copy: 'rollouts/earlier/base' };
const goodInputs = {
  ...someInputs(),
  version: '1.3.0',
  chartDigest: 'sha256:good',
  digest: 'hmac-sha256:good',
  layers: [layer],
};
const good = {
  rolloutId: OTHER_ROLLOUT,
  version: '1.3.0',
  chartDigest: 'sha256:good',
  inputsDigest: 'hmac-sha256:good',
  revision: 1,
  at: later(-600).toISOString(),
};

let table: MemoryTable;
let cluster: PretendCluster;
let charts: Map<string, Uint8Array>;
let copies: Map<string, Uint8Array>;
beforeEach(async () => {
  charts = new Map([['sha256:good', Buffer.from('the good chart')]]);
  copies = new Map([['rollouts/earlier/base', Buffer.from('colour: blue')]]);
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
    digest: async (content) => `digest of ${Buffer.from(content).toString()}`,
    secrets: memorySecrets().of,
    plans: { putOnce: async () => 'written', get: async (key) => copies.get(key) },
    evidence: { putOnce: async () => 'written', get: async () => undefined },
    charts: {
      resolve: async () => ({ found: false, code: 'unreachable', because: '' }),
      pull: async (_, digest) => {
        const archive = charts.get(digest);
        if (archive !== undefined) return { pulled: true, archive };
        return { pulled: false, code: 'chart-not-found', because: `the registry has no chart ${digest}` };
      },
    },
    reach: async () => ({ reached: true, cluster }),
    readLayer,
    ...plainValues,
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
  const [told] = await table.query(ranges.news(ROLLOUT));
  expect(told).toMatchObject({
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
  expect(await table.query(ranges.news(ROLLOUT))).toHaveLength(1);
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

describe('a good revision that helm has pruned', () => {
  const then = keys.deployment(OTHER_ROLLOUT, 'dev');
  const request = keys.request(OTHER_ROLLOUT);
  beforeEach(async () => {
    const release = aRelease({ goodRevision: 1, liveRevision: 1, good: [good] });
    const mine = { ...deployment, revision: 13 };
    table = await tableOf(aSight({ deployment: mine, release, lease: aLease({ holder }) }));
    await table.transact([
      {
        do: 'put',
        key: then,
        item: aDeployment({ rolloutId: OTHER_ROLLOUT, state: 'succeeded', inputs: goodInputs }),
        expect: 'absent',
      },
      {
        do: 'put',
        key: request,
        item: {
          type: 'request',
          v: 1,
          rev: 1,
          rolloutId: OTHER_ROLLOUT,
          version: '1.3.0',
          stages: [],
          values: { size: 2 },
        },
        expect: 'absent',
      },
    ]);
    cluster = pretendCluster(
      [
        { status: 'superseded', fence: 2 },
        { status: 'deployed', fence: 5 },
      ],
      12,
    );
  });

  test('comes back by its inputs, as they were frozen, behind a fence of their own', async () => {
    expect(await rollBack()).toEqual({
      outcome: 'rolled-back',
      revision: 14,
      because: `revision 14 is 1.3.0 of rollout ${OTHER_ROLLOUT} again`,
    });
    const [run] = cluster.upgrades;
    expect(run?.values).toEqual({ colour: 'blue', size: 2 });
    expect(Buffer.from(run?.archive ?? '').toString()).toBe('the good chart');
    expect(await now()).toMatchObject({ state: 'rolling-back', revision: 13, observeUntil: later(10).toISOString() });
    expect((await lease())?.operation).toMatchObject({
      kind: 're-apply',
      expectedRevision: 14,
      overAt: NOW.toISOString(),
    });
    expect((await table.query(ranges.news(ROLLOUT)))[0]?.text).toBe(
      `applying 1.3.0 of rollout ${OTHER_ROLLOUT} again, for helm no longer remembers revision 1, because Deployment webui never became ready`,
    );
  });

  test('asked twice, is applied again once', async () => {
    await rollBack();
    expect(await rollBack('call-2')).toMatchObject({ outcome: 'rolled-back', revision: 14 });
    expect(cluster.upgrades).toHaveLength(1);
  });

  test('helm killed meanwhile is taken back to what it applied last, and runs again', async () => {
    cluster.next = { problem: { code: 'interrupted', because: 'killed' }, leaves: 'pending-upgrade' };
    expect(await rollBack()).toMatchObject({ outcome: 'rolled-back', revision: 16 });
    expect(cluster.upgrades).toHaveLength(2);
    expect(cluster.takenBackAs).toHaveLength(1);
  });

  test('a call of ours that died in the middle of it is repaired by the next one', async () => {
    cluster.revisions.push({ status: 'pending-upgrade', fence: 6 });
    const lease = aLease({
      holder,
      fence: 6,
      operation: anOperation({ kind: 're-apply', expectedRevision: 14, fence: 6, overAt: NOW.toISOString() }),
    });
    const release = aRelease({ goodRevision: 1, liveRevision: 1, good: [good] });
    const kept = table.all().filter(({ type }) => type === 'deployment' || type === 'request');
    table = await tableOf(aSight({ deployment: { ...deployment, revision: 13 }, release, lease }));
    for (const item of kept) {
      const key = item.type === 'request' ? request : then;
      if ('rolloutId' in item && item.rolloutId === OTHER_ROLLOUT)
        await table.transact([{ do: 'put', key, item, expect: 'any' }]);
    }
    expect(await rollBack()).toMatchObject({ outcome: 'rolled-back', revision: 16 });
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'its record',
      () => table.transact([{ do: 'delete', key: then, expect: 'any' }]),
      /its deployment into dev is no longer on record$/,
    ],
    [
      'its own values',
      () => table.transact([{ do: 'delete', key: request, expect: 'any' }]),
      new RegExp(`the values that rollout ${OTHER_ROLLOUT} was started with are gone$`),
    ],
    ['a copy of its layers', () => copies.clear(), /parameter base, version 3, .* its frozen copy is gone/],
    ['its chart', () => charts.clear(), /the registry has no chart sha256:good$/],
  ])('without %s it is refused, by name, and nothing is claimed or touched', async (_what, lose, words) => {
    await lose();
    const answer = await rollBack();
    expect(answer).toMatchObject({ outcome: 'refused', because: expect.stringMatching(words) });
    expect('because' in answer && answer.because).toMatch(
      new RegExp(
        `^helm no longer remembers revision 1, and 1.3.0 of rollout ${OTHER_ROLLOUT} cannot be applied again: `,
      ),
    );
    expect((await lease())?.fence).toBe(5);
    expect(cluster.upgrades).toEqual([]);
    expect(await now()).toMatchObject({ state: 'observing' });
  });

  test('that cannot be applied any more is refused, in the words of the cluster', async () => {
    cluster.next = { problem: { code: 'rejected', because: 'kind Web is no longer served' }, leaves: 'failed' };
    expect(await rollBack()).toMatchObject({
      outcome: 'refused',
      because: expect.stringMatching(/^applying 1.3.0 .* again, .* did not work: kind Web is no longer served$/),
    });
    expect((await lease())?.operation?.overAt).toBeDefined();
  });
});
