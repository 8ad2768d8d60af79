import { describe, expect, test } from 'vitest';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import type { EvidenceInput } from '../../../contracts/deployer.ts';
import { Evidence } from '../../../contracts/evidence.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import type { KubeObject } from '../../../domain/kube.ts';
import { redactor } from '../../../domain/values/secrets/redactor.ts';
import type { Reached } from '../../../lambdas/deploy-release/deps.ts';
import { keepEvidence, type Secrecy } from '../../../lambdas/deploy-release/evidence.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, ROLLOUT } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';
import {
  badPod,
  condition,
  container,
  crashLooping,
  event,
  job,
  NOW,
  ref,
  replicaSet,
  stuckDeployment,
} from '../../support/kube-objects.ts';
import { fails, type SeenCluster, seenCluster } from '../../support/seen-cluster.ts';

const KEY = `${ROLLOUT}/dev/1.json`;
const input: EvidenceInput = {
  v: 1,
  rolloutId: ROLLOUT,
  environment: 'dev',
  attempt: 1,
  operation: 'evidence',
  failure: { code: 'not-ready', because: 'Pod web/web-new-1: container web crashes again and again' },
};
const place = { ...aDeployment().place, namespace: 'web', release: 'web' };
const begun = aDeployment({ place, state: 'observing', begun: 1 });
const web = stuckDeployment();
const set = replicaSet('web-new', '4', web);
const crashing = badPod('web-new-1', set, crashLooping);

function crashingCluster(): SeenCluster {
  const cluster = seenCluster([
    web,
    set,
    crashing,
    event(crashing, 'BackOff', 'Back-off restarting failed container', 5),
  ]);
  cluster.logs = {
    'web-new-1/web before': [
      'starting',
      'connecting to database.staging.invalid password=hunter2',
      'panic: no database',
    ],
  };
  return cluster;
}

const noSecrets: Secrecy = { redact: (text) => text, learn: async () => undefined };

async function keeping(cluster: SeenCluster | undefined, deployment = begun, secrecy = noSecrets) {
  const table = await tableOf(aSight({ deployment }));
  const evidence = memoryObjects();
  const log = keptLog();
  const helm = {} as never; // evidence is kept without helm
  const reach = async (): Promise<Reached> =>
    cluster === undefined ? { reached: false, because: 'no route' } : { reached: true, cluster: { ...cluster, helm } };
  const patience = { tries: 3, pause: async () => undefined };
  const keep = () =>
    keepEvidence({ table, patience, reach, evidence, log, now: () => NOW })(input, deployment, secrecy);
  const kept = async () => {
    const bytes = await evidence.get(KEY);
    return bytes === undefined ? undefined : Evidence.parse(JSON.parse(new TextDecoder().decode(bytes)));
  };
  const told = async () => (await table.query(ranges.news(ROLLOUT))).filter(({ kind }) => kind === 'evidence-kept');
  return { table, log, keep, kept, told };
}

test('what is unwell is kept whole: objects, warnings, last words', async () => {
  const { keep, kept } = await keeping(crashingCluster());
  expect(await keep()).toEqual({ outcome: 'kept', key: KEY });
  expect(await kept()).toMatchObject({
    rollout: ROLLOUT,
    package: 'webui',
    environment: 'dev',
    at: NOW.toISOString(),
    failure: input.failure,
    objects: [
      { kind: 'Deployment', name: 'web' },
      { kind: 'Pod', name: 'web-new-1', because: expect.stringContaining('CrashLoopBackOff') },
    ],
    events: [{ reason: 'BackOff', object: 'Pod web-new-1', count: 3 }],
    logs: [{ pod: 'web-new-1', container: 'web', previous: true }],
  });
});

describe("logs of a namespace that is not the release's own", () => {
  const elsewhere = { ...begun, place: { ...place, namespace: 'mine' } };
  const NAMED = 'logs outside of mine are not read for system:serviceaccount:mine:mine-team';

  test("are not read for a team, whose release may name what is another one's", async () => {
    const actAs = 'system:serviceaccount:mine:mine-team';
    const { keep, kept, told } = await keeping(crashingCluster(), { ...elsewhere, actAs });
    await keep();
    expect((await kept())?.logs).toEqual([]);
    expect((await told())[0]?.text).toContain(NAMED);
  });

  test.each([
    ['the deployer itself', undefined],
    ['the platform account', 'system:serviceaccount:fairlead-system:fairlead-platform'],
  ])('are read for %s, which may be there', async (_, actAs) => {
    const { keep, kept } = await keeping(crashingCluster(), { ...elsewhere, ...(actAs !== undefined && { actAs }) });
    await keep();
    expect((await kept())?.logs).toHaveLength(1);
  });

  test('are read for a team in its own namespace', async () => {
    const actAs = 'system:serviceaccount:web:web-team';
    const { keep, kept } = await keeping(crashingCluster(), { ...begun, actAs });
    await keep();
    expect((await kept())?.logs).toHaveLength(1);
  });
});

test('the history gets its ten lines, and the deployment points at the rest', async () => {
  const { keep, told, table } = await keeping(crashingCluster());
  await keep();
  const [event] = await told();
  expect(event).toMatchObject({ environment: 'dev', stage: 'everyone', state: 'observing', by: 'fairlead' });
  expect(event?.text.split('\n')).toEqual(
    expect.arrayContaining([input.failure.because, 'log of web-new-1/web: panic: no database']),
  );
  expect(await table.get(keys.deployment(ROLLOUT, 'dev'))).toMatchObject({ evidence: KEY });
});

test('no secret of a log line is kept, told or logged', async () => {
  const { keep, kept, told, log } = await keeping(crashingCluster());
  await keep();
  const everything = JSON.stringify([await kept(), await told(), log.lines]);
  expect(everything).toContain('password=[redacted]');
  expect(everything).not.toContain('hunter2');
});

test('a second call keeps what the first has kept, and tells nothing twice', async () => {
  const cluster = crashingCluster();
  const { keep, kept, told } = await keeping(cluster);
  await keep();
  cluster.objects = [];
  expect(await keep()).toEqual({ outcome: 'kept', key: KEY });
  expect((await kept())?.events).toHaveLength(1);
  expect(await told()).toHaveLength(1);
});

test('a deployment that has gone on to another attempt is not touched', async () => {
  const { keep, told, table } = await keeping(crashingCluster(), aDeployment({ place, attempt: 2, begun: 2 }));
  expect(await keep()).toMatchObject({ outcome: 'kept' });
  expect(await told()).toEqual([]);
  expect(await table.get(keys.deployment(ROLLOUT, 'dev'))).not.toHaveProperty('evidence');
});

test('half the evidence is better than none, and says what is missing', async () => {
  const cluster = crashingCluster();
  cluster.trouble = {
    Event: fails('forbidden', 'events is forbidden'),
    Log: fails('forbidden', 'pods/log is forbidden'),
  };
  const { keep, kept } = await keeping(cluster);
  expect(await keep()).toMatchObject({ outcome: 'kept' });
  const evidence = await kept();
  expect(evidence?.objects).toHaveLength(2);
  expect(evidence?.summary).toContain('events could not be read: events is forbidden');
});

test('a release that is not there leaves what helm said', async () => {
  const cluster = seenCluster([]);
  cluster.latest = undefined;
  const { keep, kept } = await keeping(cluster);
  expect(await keep()).toMatchObject({ outcome: 'kept' });
  expect(await kept()).toMatchObject({ summary: [input.failure.because], objects: [], events: [], logs: [] });
});

test('a cluster that cannot be reached is asked again later', async () => {
  expect(await (await keeping(undefined)).keep()).toEqual({ outcome: 'unreachable', because: 'no route' });
  const silent = crashingCluster();
  silent.trouble = { Release: fails('unreachable', 'no answer') };
  const { keep, kept } = await keeping(silent);
  expect(await keep()).toEqual({ outcome: 'unreachable', because: 'no answer' });
  expect(await kept()).toBeUndefined();
});

describe('hooks', () => {
  const migrate = job({
    status: { failed: 1, conditions: [condition('Failed', 'True', 'BackoffLimitExceeded', 'gave up')] },
  });
  const exited = { terminated: { exitCode: 1, reason: 'Error' } };
  const tried = badPod('migrate-1', migrate, container({ ready: false, state: exited }));
  const hook = { ...ref(migrate), events: ['post-upgrade'] };

  /** helm knows the hook; the manifest has nothing of it. */
  function withHook(objects: readonly KubeObject[]): SeenCluster {
    const cluster = seenCluster(objects);
    const latest = cluster.latest && { ...cluster.latest, objects: [], hooks: [hook] };
    return Object.assign(cluster, { latest });
  }

  test('that failed are told, with the last words of their pods', async () => {
    const cluster = withHook([migrate, tried, event(migrate, 'BackoffLimitExceeded', 'Job has reached its limit', 5)]);
    cluster.logs = { 'migrate-1/web': ['relation users does not exist'] };
    const { keep, kept } = await keeping(cluster);
    await keep();
    expect(await kept()).toMatchObject({
      objects: [
        { kind: 'Job', name: 'migrate' },
        { kind: 'Pod', name: 'migrate-1' },
      ],
      events: [{ reason: 'BackoffLimitExceeded' }],
      logs: [{ pod: 'migrate-1', lines: ['relation users does not exist'] }],
    });
  });

  test('that helm took away are nobody’s trouble', async () => {
    const { keep, kept } = await keeping(withHook([]));
    await keep();
    expect((await kept())?.objects).toEqual([]);
  });

  test('that cannot be looked at are a gap', async () => {
    const cluster = withHook([migrate]);
    cluster.trouble = { Job: fails('forbidden', 'jobs.batch is forbidden') };
    const { keep, kept } = await keeping(cluster);
    await keep();
    expect((await kept())?.summary.join()).toContain('hooks could not be looked at: jobs.batch is forbidden');
  });
});

describe('secrets in evidence', () => {
  const canary = 'canary-9f3b\nsecond-line-77';
  function leaking(): SeenCluster {
    const cluster = crashingCluster();
    const inBase64 = Buffer.from(`user:${canary}`).toString('base64');
    cluster.logs = {
      'web-new-1/web before': [`connecting as ${inBase64}`, 'with canary-9f3b', 'second-line-77 is wrong'],
    };
    return cluster;
  }

  test('are masked in every line, also where they go over several', async () => {
    const secrecy = { redact: redactor([canary]), learn: async () => undefined };
    const { keep, kept } = await keeping(leaking(), begun, secrecy);
    await keep();
    const text = JSON.stringify(await kept());
    expect(text).toContain('connecting as');
    expect(text).not.toMatch(/canary-9f3b|second-line-77|Y2FuYXJ5/);
  });

  test('that cannot be known leave no words of others in it, and it says so', async () => {
    const learn = async () => 'parameter web-service-helm-secrets, version 1, is gone';
    const { keep, kept, told } = await keeping(leaking(), begun, { ...noSecrets, learn });
    expect(await keep()).toMatchObject({ outcome: 'kept' });
    const evidence = await kept();
    expect(evidence?.logs).toEqual([]);
    expect(evidence?.summary.join()).toContain('logs and messages are not kept');
    expect(evidence?.objects.map(({ kind }) => kind)).toContain('Pod');
    expect(JSON.stringify([evidence, await told()])).not.toMatch(/canary-9f3b|second-line-77|Back-off|Y2FuYXJ5/);
  });
});
