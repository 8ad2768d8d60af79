import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grantAccess } from '../../adapters/helm/grant-access.ts';
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { Evidence } from '../../contracts/evidence.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { replace } from '../../domain/table.ts';
import { type Answer, deployRelease } from '../../lambdas/deploy-release/handler.ts';
import { aScene, chartOf, type Scene, type World } from '../support/deployer/scene.ts';
import { aWorld } from '../support/deployer/world.ts';
import { ROLLOUT } from '../support/items.ts';

/** What the deployer sees of real objects and keeps of them, with no more rights than the access chart gives. */
let world: World & { stop(): Promise<void> };
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => await world?.stop());

const template = (labels: string) => `
    metadata:
      labels: { ${labels} }
      annotations: { fairlead.dev/pretend: {{ .Values.pretend }} }
    spec: { containers: [{ name: web, image: "web:1" }] }`;
const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:${template('app: web')}
`;
const OTHERS = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: queue }
spec:
  serviceName: queue
  replicas: 2
  selector: { matchLabels: { app: queue } }
  template:${template('app: queue')}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:${template('app: agent')}
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: "migrate:1" }] }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Secret
metadata: { name: web }
stringData: { password: hunter2 }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
`;

/** A namespace that the access chart, and nothing else, has let the deployers into. */
async function granted(templates: Readonly<Record<string, string>> = { 'web.yaml': DEPLOYMENT }): Promise<Scene> {
  const scene = await aScene(world, { granted: false });
  const grant = grantAccess({
    helm: world.helm,
    env: { HOME: dirname(world.cluster.kubeconfig) },
    kubeconfig: world.cluster.kubeconfig,
    chart: new URL('../../charts/cluster-access', import.meta.url).pathname,
  });
  await grant({ cluster: world.cluster.name, namespace: scene.namespace });
  await scene.chart(await chartOf(templates, 'pretend: run\n'));
  return scene;
}

/** A deployment of its own each time: *Begin* raises the fence. */
async function apply(scene: Scene, pretend: string): Promise<number> {
  await scene.values({ pretend });
  await scene.change({ state: 'applying' });
  const key = leaseKey((await scene.deployment()).place);
  const lease = await scene.table.get(key);
  if (lease === undefined) throw new Error('no lease');
  await scene.table.transact([replace(key, lease, { fence: lease.fence + 1 })]);
  const applied = await scene.apply();
  if (applied.outcome !== 'applied') throw new Error(JSON.stringify(applied));
  return applied.revision;
}

/** As the machine does it: again and again, until something is known. */
async function observed(scene: Scene, revision: number): Promise<Answer> {
  for (;;) {
    const answer = await scene.call({ operation: 'observe', after: 'apply', revision });
    if (answer.outcome !== 'not-yet') return answer;
    await pause(100);
  }
}

test.concurrent('objects of every kind get ready', async () => {
  const scene = await granted({ 'web.yaml': DEPLOYMENT, 'others.yaml': OTHERS });
  expect(await observed(scene, await apply(scene, 'run'))).toEqual({
    outcome: 'ready',
    because: 'all 8 objects are as they should be',
  });
});

test.concurrent('a crash loop ends the waiting, its last words are kept, and it does not fail the release that replaces it', async () => {
  const scene = await granted();
  expect(await observed(scene, await apply(scene, 'run'))).toMatchObject({ outcome: 'ready' });

  const failed = await observed(scene, await apply(scene, 'crash-loop-back-off'));
  expect(failed).toMatchObject({
    outcome: 'failed',
    failure: {
      code: 'not-ready',
      because: expect.stringMatching(/^Pod .*CrashLoopBackOff/),
      objects: expect.arrayContaining([expect.objectContaining({ kind: 'Deployment', name: 'web' })]),
    },
  });
  if (failed.outcome !== 'failed') throw new Error('seen above');

  const evidence = memoryObjects();
  const keep = deployRelease({ ...scene.deps, evidence });
  const input = {
    v: 1,
    rolloutId: ROLLOUT,
    environment: 'dev',
    attempt: 1,
    operation: 'evidence',
    failure: failed.failure,
  };
  const call = { requestId: 'r', hardEnd: new Date(Date.now() + 60_000) };
  expect(await keep(input, call)).toEqual({ outcome: 'kept', key: `${ROLLOUT}/dev/1.json` });
  const bytes = await evidence.get(`${ROLLOUT}/dev/1.json`);
  const kept = Evidence.parse(JSON.parse(new TextDecoder().decode(bytes)));
  expect(kept.events.map(({ reason }) => reason)).toContain('BackOff');
  expect(kept.logs[0]?.lines.length).toBeGreaterThan(0);
  expect(kept.summary.length).toBeLessThanOrEqual(10);
  expect(kept.summary.at(-1)).toMatch(/^log of web-/);
  expect((await scene.deployment()).evidence).toBe(`${ROLLOUT}/dev/1.json`);

  expect(await observed(scene, await apply(scene, 'run'))).toMatchObject({ outcome: 'ready' });
});

test.concurrent.each([
  ['image-pull-back-off', 0.5, 'not-ready', /cannot start \((ImagePullBackOff|ErrImagePull)\)/],
  ['unschedulable', 0.2, 'not-ready', /no node takes it/],
  ['never-ready', 0.1, 'out-of-time', /^not ready by .*replicas/],
] as const)('a pod that is %s (given %d minutes) ends %s', async (pretend, timeoutMinutes, code, because) => {
  const scene = await granted();
  await scene.change({ timeoutMinutes });
  expect(await observed(scene, await apply(scene, pretend))).toMatchObject({
    outcome: 'failed',
    failure: { code, because: expect.stringMatching(because) },
  });
});

test.concurrent('without the grant there is nothing to be seen, and that is said', async () => {
  const scene = await aScene(world, { granted: false });
  const answer = await scene.call({ operation: 'observe', after: 'apply', revision: 1 });
  expect(answer).toMatchObject({
    outcome: 'unreachable',
    code: 'forbidden',
    because: expect.stringMatching(/secrets is forbidden/),
  });
});
