/** A small chart, `web`, on a scene of the deployer: installed, good, changed by hand, or left in the middle of something. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, vi } from 'vitest';
import type { LeaseItem } from '../../../domain/items/release.ts';
import { leaseKey } from '../../../domain/registry/place.ts';
import { replace } from '../../../domain/table.ts';
import type { Answer } from '../../../lambdas/deploy-release/handler.ts';
import { aScene, chartOf, type Scene, type World } from './scene.ts';

export const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: {{ .Values.label }} } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
export const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: web-{{ .Values.config }} }
data: { colour: {{ .Values.colour | quote }} }
`;
export const DEFAULTS = 'replicas: 1\nlabel: web\nconfig: a\ncolour: blue\n';
export const web = () => chartOf({ 'deployment.yaml': DEPLOYMENT, 'config.yaml': CONFIG }, DEFAULTS);

const FAILURE = { code: 'not-ready', because: 'it never became ready' };

export interface Revision {
  readonly revision: number;
  readonly status: string;
}

export interface WebRelease {
  rollBack(scene: Scene): Promise<Answer>;
  /** As the cluster's admin. */
  helm(...args: readonly string[]): Promise<{ readonly stdout: string }>;
  history(scene: Scene): Promise<readonly Revision[]>;
  last(scene: Scene): Promise<Revision | undefined>;
  lease(scene: Scene): Promise<LeaseItem | undefined>;
  /** As *Finish* leaves it after a good deployment, and *Begin* for the next one. */
  isGood(scene: Scene, revision: number): Promise<void>;
  /** As *Begin* leaves it for the next deployment: the fence has risen. */
  beginAgain(scene: Scene): Promise<void>;
  /** Revision 1, ready and good. */
  installed(): Promise<Scene>;
  /** helm of a person, to the next revision; what is set by `--set`. */
  byHand(scene: Scene, ...more: readonly string[]): Promise<void>;
  /** Makes the last revision stand in mid-operation, as a dead or foreign helm leaves it. */
  standsAs(scene: Scene, revision: number, status: string): Promise<void>;
  /** Folders that were made. */
  stop(): Promise<void>;
}

/** `world` is asked for when it is needed. */
export function webRelease(world: () => World): WebRelease {
  const folders: string[] = [];
  const helm: WebRelease['helm'] = (...args) => {
    const { kubeconfig } = world().cluster;
    return promisify(execFile)(world().helm, args, { env: { KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig) } });
  };
  const lease: WebRelease['lease'] = async (scene) => await scene.table.get(leaseKey((await scene.deployment()).place));
  const history: WebRelease['history'] = async (scene) =>
    JSON.parse((await helm('history', 'web', '-n', scene.namespace, '-o', 'json')).stdout);
  const beginAgain: WebRelease['beginAgain'] = async (scene) => {
    await scene.change({ state: 'applying' });
    const held = await lease(scene);
    if (held === undefined) throw new Error('no lease');
    await scene.table.transact([replace(leaseKey((await scene.deployment()).place), held, { fence: held.fence + 1 })]);
  };
  const isGood: WebRelease['isGood'] = async (scene, revision) => {
    const { effectiveDigest, inputs } = await scene.deployment();
    await scene.release({
      goodRevision: revision,
      liveRevision: revision,
      chartDigest: inputs.chartDigest,
      ...(effectiveDigest !== undefined && { effectiveDigest }),
    });
    await beginAgain(scene);
  };
  const onDisk = async (archive: Uint8Array) => {
    const folder = await mkdtemp(join(tmpdir(), 'chart-'));
    folders.push(folder);
    const file = join(folder, 'web.tgz');
    await writeFile(file, archive);
    return file;
  };
  return {
    helm,
    history,
    lease,
    beginAgain,
    isGood,
    rollBack: (scene) => scene.call({ operation: 'roll-back', failure: FAILURE }),
    last: async (scene) => (await history(scene)).at(-1),
    async installed() {
      const scene = await aScene(world());
      await scene.chart(await web());
      expect(await scene.apply()).toMatchObject({ outcome: 'applied', revision: 1 });
      const observe = { operation: 'observe', after: 'apply', revision: 1 };
      await vi.waitFor(async () => expect(await scene.call(observe)).toMatchObject({ outcome: 'ready' }), {
        timeout: 20_000,
      });
      await isGood(scene, 1);
      return scene;
    },
    async byHand(scene, ...more) {
      await helm('upgrade', 'web', await onDisk(await web()), '--install', '-n', scene.namespace, ...more);
    },
    /** Only the labels and the record's own status say so, like helm. */
    async standsAs(scene, revision, status) {
      const { admin } = world();
      const secrets = `/api/v1/namespaces/${scene.namespace}/secrets/sh.helm.release.v1.web.v${revision}`;
      const { body } = await admin.call('GET', secrets);
      const secret = body as { data: { release: string } };
      const packed = Buffer.from(Buffer.from(secret.data.release, 'base64').toString(), 'base64');
      const release = JSON.parse(gunzipSync(packed).toString());
      release.info.status = status;
      const again = Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64');
      await admin.call('PATCH', secrets, { metadata: { labels: { status } }, data: { release: again } });
    },
    async stop() {
      for (const folder of folders) await rm(folder, { recursive: true });
    },
  };
}
