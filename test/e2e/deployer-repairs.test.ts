/** What the deployer brings back by itself, and what it leaves to people: real helm, a real API server, as the role that the real authenticator maps. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keys } from '../../domain/keys.ts';
import { createDeployment } from '../../domain/rollout/frozen-plan.ts';
import { aScene, chartOf, type Scene, type World } from '../support/deployer/scene.ts';
import { CONFIG, DEFAULTS, DEPLOYMENT, web, webRelease } from '../support/deployer/web-release.ts';
import { aWorld } from '../support/deployer/world.ts';
import { later, NOW, OTHER_ROLLOUT } from '../support/items.ts';

let world: World & { stop(): Promise<void> };
const { rollBack, helm, history, last, lease, installed, byHand, standsAs, stop } = webRelease(() => world);
beforeAll(async () => {
  world = await aWorld();
});
afterAll(async () => {
  await world?.stop();
  await stop();
});

/** All that stands in the namespace, each with the number that the API server raises with every write. */
async function standing(scene: Scene): Promise<string> {
  const kinds = ['secrets', 'configmaps'].map((kind) => `/api/v1/namespaces/${scene.namespace}/${kind}`);
  const paths = [...kinds, `/apis/apps/v1/namespaces/${scene.namespace}/deployments`];
  const lists = await Promise.all(paths.map(async (path) => (await world.admin.call('GET', path)).body));
  const items = lists.flatMap((list) => (list as { items: { metadata: { name: string; uid: string } }[] }).items);
  const written = items.map(({ metadata: { name, uid } }) => `${name} ${uid}`);
  const records = lists[0] as { items: { metadata: { resourceVersion: string } }[] };
  return JSON.stringify([written, records.items.map(({ metadata }) => metadata.resourceVersion)]);
}

describe("a person's helm in the middle of something is left alone", () => {
  const inTheMiddle = async (status: string): Promise<Scene> => {
    const first = status === 'pending-install';
    const scene = first ? await aScene(world) : await installed();
    await scene.chart(await web());
    await scene.values({ colour: 'green' });
    // Of an upgrade helm hands our labels on, so that the person's revision looks like ours by them.
    await byHand(scene, '--set', 'colour=odd');
    await standsAs(scene, first ? 1 : 2, status);
    return scene;
  };
  const foreign = { outcome: 'blocked', failure: { code: 'foreign-operation' } };

  test.each(['pending-install', 'pending-upgrade', 'pending-rollback', 'uninstalling'])(
    'by *Apply*, at %s: it is named, and nothing is claimed or written',
    async (status) => {
      const scene = await inTheMiddle(status);
      const before = await standing(scene);
      const claimed = await lease(scene);
      const answer = await scene.apply();
      expect(answer).toMatchObject(foreign);
      expect(JSON.stringify(answer)).toContain(`stands ${status}`);
      expect(await standing(scene)).toBe(before);
      expect(await lease(scene)).toEqual(claimed);
    },
  );

  test.each(['pending-upgrade', 'pending-rollback', 'uninstalling'])(
    'by *Roll back*, at %s, though the deployment has made the revision before',
    async (status) => {
      const scene = await installed();
      await scene.values({ colour: 'green' });
      expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 2 });
      await byHand(scene, '--set', 'colour=odd');
      await standsAs(scene, 3, status);
      const before = await standing(scene);
      expect(await rollBack(scene)).toMatchObject({
        outcome: 'refused',
        because: expect.stringContaining(`revision 3 stands ${status}`),
      });
      expect(await standing(scene)).toBe(before);
    },
  );
});

describe('a good revision that helm has pruned', () => {
  /** Good at revision 1, with the values of that rollout; then a person has upgraded until helm forgot it. */
  async function pruned(): Promise<Scene> {
    const scene = await installed();
    const { inputs, package: pkg, stage, place, deployer, timeoutMinutes } = await scene.deployment();
    const plan = { v: 1 as const, rolloutId: OTHER_ROLLOUT, package: pkg, sequence: 1, version: '1.0.0' };
    const rest = { chart: inputs.chart, chartDigest: inputs.chartDigest, timeoutMinutes, forceConflicts: false };
    const then = { environment: 'dev', stage, place, deployer, inputs };
    const request = { type: 'request' as const, v: 1 as const, rev: 1, rolloutId: OTHER_ROLLOUT, version: '1.0.0' };
    const item = { ...request, stages: [], values: { colour: 'blue-as-frozen' } };
    await scene.table.transact([
      createDeployment({ ...plan, ...rest, stages: [], deployments: [] }, then),
      { do: 'put', key: keys.request(OTHER_ROLLOUT), item, expect: 'absent' },
    ]);
    const { version, chartDigest, digest: inputsDigest } = inputs;
    const at = later(-60).toISOString();
    const good = { rolloutId: OTHER_ROLLOUT, version, chartDigest, inputsDigest, revision: 1, at };
    await scene.release({ good: [good] });
    // A label that no Deployment's selector takes: the person's last revision is a failed one.
    for (const colour of ['a', 'b']) await byHand(scene, '--history-max', '2', '--set', `colour=${colour}`);
    expect((await history(scene)).map(({ revision }) => revision)).toEqual([2, 3]);
    return scene;
  }
  const badOne = async (scene: Scene) => {
    await scene.change({ inputs: { ...(await scene.deployment()).inputs, digest: 'hmac-sha256:bad' } });
    await scene.values({ label: 'another' });
    expect(await scene.apply()).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
  };

  test('is applied again from its frozen inputs, and observed like any roll-back', async () => {
    const scene = await pruned();
    // Not adopted: as long as it is not seen healthy, the person's revision is not the good one.
    await scene.release({ goodRevision: 1 });
    await standsAs(scene, 3, 'failed');
    await badOne(scene);
    const made = (await last(scene))?.revision ?? 0;
    expect(await rollBack(scene)).toMatchObject({ outcome: 'rolled-back', revision: made + 1 });
    expect(await last(scene)).toMatchObject({ revision: made + 1, status: 'deployed' });
    const { stdout } = await helm('get', 'values', 'web', '-n', scene.namespace, '-o', 'json');
    expect(JSON.parse(stdout)).toEqual({ colour: 'blue-as-frozen' });
    const observe = { operation: 'observe', after: 'roll-back', revision: made + 1 };
    expect(await scene.call(observe)).toMatchObject({ outcome: 'ready' });
    expect((await lease(scene))?.operation).toMatchObject({ kind: 're-apply', overAt: expect.any(String) });
  });

  test('is left to a person when its chart is gone, by name', async () => {
    const scene = await pruned();
    await standsAs(scene, 3, 'failed');
    const goodChart = (await scene.deployment()).inputs.chartDigest;
    await scene.chart(await chartOf({ 'deployment.yaml': DEPLOYMENT, 'other.yaml': CONFIG }, DEFAULTS));
    await badOne(scene);
    scene.loseChart(goodChart);
    const before = await last(scene);
    expect(await rollBack(scene)).toMatchObject({
      outcome: 'refused',
      because: expect.stringContaining(`no chart ${goodChart}`),
    });
    expect(await last(scene)).toEqual(before);
  });
});

test('a rename beside a rejected change is more than helm can roll back: it stays, in helm’s words, for a person', async () => {
  const scene = await installed();
  await scene.values({ config: 'b', label: 'another' });
  expect(await scene.apply()).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
  expect(await rollBack(scene)).toMatchObject({
    outcome: 'refused',
    because: expect.stringMatching(/^rolling back to revision 1 did not work: .*"?web-a"?/),
  });
  expect((await lease(scene))?.operation).toMatchObject({ kind: 'roll-back', overAt: expect.any(String) });
});

const VOLUME = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

test('a first install that made volumes is not taken away: whoever rolls it back loses data', async () => {
  const scene = await aScene(world);
  await scene.chart(await chartOf({ 'deployment.yaml': DEPLOYMENT, 'volume.yaml': VOLUME }, DEFAULTS));
  await scene.values({ label: 'another' });
  expect(await scene.apply()).toMatchObject({ outcome: 'failed', failure: { code: 'rejected' } });
  expect(await rollBack(scene)).toMatchObject({
    outcome: 'refused',
    because: expect.stringMatching(/^PersistentVolumeClaim data makes volumes, .*: decide by hand$/),
  });
  const claim = `/api/v1/namespaces/${scene.namespace}/persistentvolumeclaims/data`;
  expect((await world.admin.call('GET', claim)).status).toBe(200);
  expect(await last(scene)).toMatchObject({ revision: 1, status: 'failed' });
});

const asRoot = process.getuid?.() === 0;
test.runIf(asRoot)(
  'a full disk is our own trouble, told as such: nothing is claimed for long, written or left',
  async () => {
    const scene = await installed();
    const small = await mkdtemp(join(tmpdir(), 'full-disk-'));
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small]);
    try {
      const full = await aScene(world, { temporary: small });
      await full.chart(
        await chartOf({ 'config.yaml': `# ${'x'.repeat(40)}\n${CONFIG}`, 'noise.txt': noise() }, DEFAULTS),
      );
      const before = await standing(full);
      const answer = await full.apply();
      expect(answer).toMatchObject({
        outcome: 'errored',
        failure: { code: 'internal', because: expect.stringContaining(`disk (${small}) is full`) },
      });
      expect(await standing(full)).toBe(before);
      expect(await readdir(small)).toEqual([]);
      expect((await lease(full))?.operation).toMatchObject({ overAt: expect.any(String) });
      expect(full.lines.join()).not.toContain('noise');
    } finally {
      await promisify(execFile)('umount', [small]);
      await rm(small, { recursive: true });
    }
    expect(await last(scene)).toMatchObject({ status: 'deployed' });
  },
);

/** Does not get smaller when it is packed. */
function noise(): string {
  let state = NOW.getTime();
  return Array.from({ length: 40_000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
