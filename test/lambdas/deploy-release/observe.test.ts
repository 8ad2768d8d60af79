import { expect, test } from 'vitest';
import { ObserveAnswer, type ObserveInput } from '../../../contracts/deployer.ts';
import type { Reached } from '../../../lambdas/deploy-release/deps.ts';
import { isHealthy } from '../../../lambdas/deploy-release/look-at-objects.ts';
import { observe } from '../../../lambdas/deploy-release/observe.ts';
import { aDeployment, ROLLOUT } from '../../support/items.ts';
import {
  badPod,
  condition,
  crashLooping,
  deployment,
  NOW,
  pod,
  replicaSet,
  service,
  stuckDeployment,
} from '../../support/kube-objects.ts';
import { fails, revisionOf, type SeenCluster, seenCluster } from '../../support/seen-cluster.ts';

const input: ObserveInput = {
  v: 1,
  rolloutId: ROLLOUT,
  environment: 'dev',
  attempt: 1,
  operation: 'observe',
  after: 'apply',
  revision: 7,
};
const web = stuckDeployment();
const set = replicaSet('web-new', '4', web);
const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'web' } };
const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000).toISOString();

/** Observes while time passes only in pauses; `onPause` moves the cluster on. */
async function observing(
  cluster: SeenCluster,
  given: { until?: string; asked?: Partial<ObserveInput>; onPause?: (n: number) => void } = {},
) {
  const { until = minutes(5), asked = {}, onPause = () => undefined } = given;
  let passed = 0;
  let pauses = 0;
  const helm = {} as never; // observation never runs helm
  const deps = {
    now: () => new Date(NOW.getTime() + passed),
    pause: async (milliseconds: number) => {
      passed += milliseconds;
      pauses += 1;
      onPause(pauses);
    },
    reach: async (): Promise<Reached> => ({ reached: true, cluster: { ...cluster, helm } }),
  };
  const place = { ...aDeployment().place, namespace: 'web', release: 'web' };
  const answer = await observe(deps)({ ...input, ...asked }, aDeployment({ place, observeUntil: until }));
  return { answer: ObserveAnswer.parse(answer), pauses, seconds: passed / 1000 };
}

test('a release that is ready is ready at the first look', async () => {
  const { answer, pauses } = await observing(seenCluster([deployment(), service(), config]));
  expect(answer).toEqual({ outcome: 'ready', because: 'all 3 objects are as they should be' });
  expect(pauses).toBe(0);
});

test('a look during a soak gives what is not ready until its own time, long after the deployment’s', async () => {
  const over = { until: minutes(-60) };
  const look = { after: 'look' as const, until: minutes(0.5) };
  const { answer, seconds } = await observing(seenCluster([web, set]), { ...over, asked: look });
  expect(answer.outcome).toBe('failed');
  expect(seconds).toBeGreaterThanOrEqual(30);
  const cluster = seenCluster([web, set]);
  const onPause = (n: number) => {
    if (n === 3) cluster.objects = [deployment()];
  };
  expect((await observing(cluster, { ...over, asked: look, onPause })).answer.outcome).toBe('ready');
});

test('of Secrets and ConfigMaps nothing but the metadata is asked for', async () => {
  const secret = { ...config, kind: 'Secret' };
  const cluster = seenCluster([deployment(), config, secret]);
  await observing(cluster);
  expect(cluster.asked.sort()).toEqual(['ConfigMap!', 'Deployment', 'Secret!']);
});

test('a release that gets ready while we look is ready then', async () => {
  const cluster = seenCluster([web, set]);
  const onPause = (n: number) => {
    if (n === 3) cluster.objects = [deployment()];
  };
  const { answer, seconds } = await observing(cluster, { onPause });
  expect(answer.outcome).toBe('ready');
  expect(seconds).toBe(3.5);
});

test('a call ends within 50 s, and the machine calls again', async () => {
  const { answer, seconds } = await observing(seenCluster([web, set, pod('new', set)]));
  expect(answer).toEqual({ outcome: 'not-yet', because: 'Deployment web/web: 1 of 2 replicas are new' });
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThan(50);
});

test('a pod that crashes again and again ends the waiting at once', async () => {
  const { answer, pauses } = await observing(seenCluster([web, set, badPod('new', set, crashLooping)]));
  expect(answer).toMatchObject({
    outcome: 'failed',
    failure: { code: 'not-ready', objects: [{ kind: 'Deployment' }, { name: 'new' }] },
  });
  expect(pauses).toBe(0);
});

test('a release that is not ready in its time is out of time', async () => {
  const { answer, seconds } = await observing(seenCluster([web, set]), { until: minutes(0.25) });
  expect(answer).toMatchObject({ outcome: 'failed', failure: { code: 'out-of-time' } });
  expect(seconds).toBeLessThan(20);
});

test('somebody else’s helm at work is a foreign operation', async () => {
  const cluster = seenCluster([deployment()]);
  cluster.latest = revisionOf(8, [deployment()]);
  expect((await observing(cluster)).answer).toMatchObject({
    outcome: 'failed',
    failure: { code: 'foreign-operation' },
  });
});

test('a cluster that cannot be reached is unreachable', async () => {
  const deps = {
    now: () => NOW,
    pause: async () => undefined,
    reach: async () => ({ reached: false, because: 'no such cluster' }) as const,
  };
  expect(await observe(deps)(input, aDeployment())).toEqual({ outcome: 'unreachable', because: 'no such cluster' });
});

test.each(['Release', 'Deployment', 'Pod', 'ReplicaSet'])(
  'a cluster that stops answering when asked for a %s is unreachable',
  async (kind) => {
    const cluster = seenCluster([web, set]);
    cluster.trouble = { [kind]: fails('unreachable', 'connection reset') };
    expect((await observing(cluster)).answer).toEqual({ outcome: 'unreachable', because: 'connection reset' });
  },
);

test.each(['forbidden', 'unauthorised'] as const)(
  'rights that were taken away (%s) prove nothing against the release: it is not failed, it cannot be seen',
  async (code) => {
    const cluster = seenCluster([web, set]);
    cluster.trouble = { Pod: fails(code, 'pods is forbidden') };
    expect((await observing(cluster)).answer).toEqual({
      outcome: 'unreachable',
      code: 'forbidden',
      because: expect.stringContaining('pods is forbidden'),
    });
  },
);

test('healthy is what is ready now; what cannot be told is not', async () => {
  const cluster = seenCluster([deployment(), service()]);
  const content = revisionOf(7, cluster.objects);
  expect(await isHealthy(cluster, content, NOW)).toBe(true);
  cluster.objects = [deployment({ status: { conditions: [condition('Available', 'False')] } }), service()];
  expect(await isHealthy(cluster, content, NOW)).toBe(false);
  cluster.trouble = { Service: fails('unreachable', 'no') };
  expect(await isHealthy(cluster, content, NOW)).toBe(false);
});
