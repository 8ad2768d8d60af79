import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { keys } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { replace } from '../../domain/table.ts';
import { deployRelease } from '../../lambdas/deploy-release/handler.ts';
import { aScene, chartOf, type World } from '../support/deployer/scene.ts';
import { CONFIG, DEFAULTS, DEPLOYMENT, web, webRelease } from '../support/deployer/web-release.ts';
import { aWorld } from '../support/deployer/world.ts';
import { ROLLOUT } from '../support/items.ts';

/** The deployer with real helm against a real API server, as the role that the real authenticator maps. */
let world: World & { stop(): Promise<void> };
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world?.stop();
  await stop();
});

const { rollBack, helm, history, last, lease, isGood, installed, byHand, standsAs, stop } = webRelease(() => world);

test('a chart is applied, and the deployment records revision, digest and time to be ready', async () => {
  const scene = await aScene(world);
  await scene.chart(await web());
  await scene.values({ colour: 'green' });
  expect(await scene.apply()).toEqual({
    outcome: 'applied',
    revision: 1,
    because: `1.4.2 is revision 1 of ${scene.namespace}/web`,
  });
  expect(await scene.deployment()).toMatchObject({
    state: 'observing',
    revision: 1,
    effectiveDigest: expect.any(String),
  });
  expect((await lease(scene))?.operation).toMatchObject({ kind: 'apply', overAt: expect.any(String) });
  const { stdout } = await helm('get', 'values', 'web', '-n', scene.namespace, '-o', 'json');
  expect(JSON.parse(stdout)).toEqual({ colour: 'green' });
});

test('the same inputs on a healthy release change nothing', async () => {
  const scene = await installed();
  expect(await scene.apply()).toMatchObject({ outcome: 'unchanged', revision: 1 });
  expect(await history(scene)).toHaveLength(1);
});

test('values that are gone from the rollout are gone from the release', async () => {
  const scene = await installed();
  await scene.values({ colour: 'green' });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 2 });
  await isGood(scene, 2);
  await scene.values({});
  expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 3 });
  const { stdout } = await helm('get', 'values', 'web', '-n', scene.namespace, '-o', 'json');
  expect(JSON.parse(stdout) ?? {}).toEqual({});
});

test('an object that the API server rejects is named by kind and name', async () => {
  const scene = await installed();
  await scene.values({ label: 'another' });
  expect(await scene.apply()).toMatchObject({
    outcome: 'failed',
    failure: { code: 'rejected', objects: [{ kind: 'Deployment', name: 'web' }] },
  });
  expect(await scene.deployment()).toMatchObject({ state: 'applying', revision: 2 });
});

test('an object that helm cannot even decode is named all the same', async () => {
  const scene = await installed();
  await scene.chart(
    await chartOf(
      { 'deployment.yaml': DEPLOYMENT.replace('{ name: web }', '{ name: web, annotations: { a: 1 } }') },
      DEFAULTS,
    ),
  );
  expect(await scene.apply()).toMatchObject({
    outcome: 'blocked',
    failure: { code: 'rejected', objects: [{ kind: 'Deployment', name: 'web' }] },
  });
  expect(await history(scene)).toHaveLength(1);
});

test('a template that does not render touches nothing', async () => {
  const scene = await installed();
  await scene.chart(await chartOf({ 'config.yaml': 'a: {{ .Values.none.there }}' }));
  expect(await scene.apply()).toMatchObject({ outcome: 'blocked', failure: { code: 'template-broken' } });
  expect(await history(scene)).toHaveLength(1);
});

test('a chart with a post-hook: helm waits until the release is ready, and then runs it', async () => {
  const scene = await aScene(world);
  const hook = `
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: "post-install,post-upgrade" } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: b }] } } }
`;
  const settles = DEPLOYMENT.replace('spec:\n', 'spec:\n  minReadySeconds: 2\n');
  await scene.chart(await chartOf({ 'deployment.yaml': settles, 'hook.yaml': hook }, DEFAULTS));
  expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 1 });
  const made = async (path: string) => {
    const { body } = await world.admin.call('GET', `/apis/${path.replace('NS', scene.namespace)}`);
    const { metadata } = body as { metadata: { creationTimestamp: string } };
    return Date.parse(metadata.creationTimestamp);
  };
  const web = await made('apps/v1/namespaces/NS/deployments/web');
  expect((await made('batch/v1/namespaces/NS/jobs/migrate')) - web).toBeGreaterThanOrEqual(2000);
});

test('a field of another manager is a conflict that names both', async () => {
  const scene = await installed();
  const path = `/apis/apps/v1/namespaces/${scene.namespace}/deployments/web?fieldManager=scaler`;
  const { status } = await world.admin.call('PATCH', path, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 3 },
  });
  expect(status).toBe(200);
  await scene.values({ replicas: 2 });
  expect(await scene.apply()).toMatchObject({
    outcome: 'failed',
    failure: { code: 'conflict', because: expect.stringMatching(/"?scaler"?.*\.spec\.replicas/) },
  });
  await scene.change({ forceConflicts: true });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied' });
});

test('without the grant it is blocked, naming the command that grants', async () => {
  const scene = await aScene(world, { granted: false });
  await scene.chart(await web());
  expect(await scene.apply()).toMatchObject({
    outcome: 'blocked',
    failure: {
      code: 'forbidden',
      because: expect.stringContaining('fairlead cluster grant --environment dev --namespace '),
    },
  });
});

test("a person's own helm at work is left alone", async () => {
  const scene = await installed();
  await byHand(scene, '--set', 'colour=odd');
  await standsAs(scene, 2, 'pending-upgrade');
  expect(await scene.apply()).toMatchObject({ outcome: 'blocked', failure: { code: 'foreign-operation' } });
  expect(await last(scene)).toMatchObject({ revision: 2, status: 'pending-upgrade' });
});

test('a release that stood there before is taken over, and is what a roll-back goes back to', async () => {
  const scene = await installed();
  await scene.release({ goodRevision: undefined, liveRevision: undefined });
  await scene.values({ colour: 'green' });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 2 });
  expect(await scene.table.get(keys.release('dev', 'webui'))).toMatchObject({ goodRevision: 1 });
  expect(await rollBack(scene)).toMatchObject({ outcome: 'rolled-back', revision: 3 });
});

test('helm killed in mid-upgrade is repaired by the same call', async () => {
  const scene = await installed();
  const slow = `
apiVersion: batch/v1
kind: Job
metadata: { name: wait-{{ .Release.Revision }}, annotations: { helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation } }
spec:
  template:
    metadata: { labels: { fairlead.dev/pretend: {{ .Values.pretend }} } }
    spec: { restartPolicy: Never, containers: [{ name: a, image: "b:1" }] }
`;
  await scene.chart(
    await chartOf(
      { 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG, 'hook.yaml': slow },
      `${DEFAULTS}pretend: never-ready\n`,
    ),
  );
  const applying = scene.apply();
  await vi.waitFor(async () => expect(await last(scene)).toMatchObject({ status: 'pending-upgrade' }), {
    timeout: 10_000,
  });
  process.kill(await helmAtWork(), 'SIGKILL');
  await vi.waitFor(async () => expect((await history(scene)).map(({ status }) => status)).toContain('pending-upgrade'));
  await vi.waitFor(() => expect(scene.lines.join()).toContain('repairing what an earlier call left behind'), {
    timeout: 10_000,
  });
  // The chart's hook never ends, so helm is killed as often as it is run: the deployment ends, and never stuck.
  await vi.waitFor(async () => expect(await last(scene)).toMatchObject({ revision: 4, status: 'pending-upgrade' }), {
    timeout: 10_000,
  });
  process.kill(await helmAtWork(), 'SIGKILL');
  await vi.waitFor(async () => expect(await last(scene)).toMatchObject({ revision: 6, status: 'pending-upgrade' }), {
    timeout: 10_000,
  });
  process.kill(await helmAtWork(), 'SIGKILL');
  expect(await applying).toMatchObject({ outcome: 'failed', failure: { code: 'interrupted' } });
  const next = await rollBack(scene);
  expect(next).toMatchObject({ outcome: 'rolled-back' });
  expect(await last(scene)).toMatchObject({ status: 'deployed' });
});

test('a lease lost in mid-upgrade leaves the release at its revision', async () => {
  const scene = await installed();
  await scene.values({ colour: 'green' });
  const { table } = scene.deps;
  let asked = 0;
  const losing: typeof table = {
    ...table,
    async get(key) {
      const item = await table.get(key);
      // The lease is handed on between the claim and helm's first write.
      if (
        key.type === 'lease' &&
        item?.type === 'lease' &&
        item.operation?.overAt === undefined &&
        item.operation &&
        asked++ === 0
      ) {
        const holder = item.holder && { ...item.holder, attempt: item.holder.attempt + 1 };
        const handedOn = { fence: item.fence + 1, holder };
        await table.transact([replace(leaseKey((await scene.deployment()).place), item, handedOn)]);
        return table.get(key);
      }
      return item;
    },
  };
  const answer = await deployRelease({ ...scene.deps, table: losing })(
    { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1, operation: 'apply', values: [], invalid: [] },
    { requestId: 'loses', hardEnd: new Date(Date.now() + 900_000) },
  );
  expect(answer).toMatchObject({ outcome: 'lost' });
  expect(await history(scene)).toMatchObject([{ revision: 1, status: 'deployed' }]);
});

test('a bad revision is rolled back to the good one by number', async () => {
  const scene = await installed();
  await scene.values({ colour: 'red' });
  expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 2 });
  expect(await rollBack(scene)).toMatchObject({ outcome: 'rolled-back', revision: 3 });
  expect(await scene.deployment()).toMatchObject({ state: 'rolling-back' });
  expect(await rollBack(scene)).toMatchObject({ outcome: 'rolled-back', revision: 3 });
});

test('a first install that failed is taken away', async () => {
  const scene = await aScene(world);
  await scene.chart(await web());
  await scene.values({ label: 'another' });
  expect(await scene.apply()).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
  expect(await rollBack(scene)).toMatchObject({ outcome: 'uninstalled' });
  await expect(helm('history', 'web', '-n', scene.namespace)).rejects.toThrow(/not found/);
});

test('a first install that took over what stood there before is left for a person', async () => {
  const scene = await aScene(world);
  await world.admin.call('POST', `/api/v1/namespaces/${scene.namespace}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'web-a',
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': scene.namespace },
    },
  });
  // Kubernetes tells ages in whole seconds.
  await new Promise((second) => setTimeout(second, 1100));
  await scene.chart(await web());
  await scene.values({ label: 'another' });
  expect(await scene.apply()).toMatchObject({ outcome: 'failed' });
  expect(await rollBack(scene)).toMatchObject({ outcome: 'refused', because: expect.stringContaining('web-a') });
  expect(await last(scene)).toMatchObject({ revision: 1 });
});

test('a second call of the same try is told to come back', async () => {
  const scene = await installed();
  await scene.values({ colour: 'red' });
  const held = await lease(scene);
  if (held === undefined) throw new Error('no lease');
  const hardEnd = new Date(Date.now() + 30_000).toISOString();
  const operation = { requestId: 'other', kind: 'apply' as const, expectedRevision: 2, fence: held.fence, hardEnd };
  await scene.table.transact([replace(leaseKey((await scene.deployment()).place), held, { operation })]);
  expect(await scene.apply()).toMatchObject({ outcome: 'busy', until: hardEnd, seconds: expect.any(Number) });
});

/** The process id of the helm upgrade that is a child of this process. */
async function helmAtWork(): Promise<number> {
  return await vi.waitFor(async () => {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
    const mine = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    const found = mine.find(([, parent, program, verb]) => {
      return Number(parent) === process.pid && program === world.helm && verb === 'upgrade';
    });
    if (found === undefined) throw new Error('no helm at work');
    return Number(found[0]);
  });
}
