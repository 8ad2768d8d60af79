/** A deployer at work on one namespace of a real cluster: real helm, real API server, a table in memory. */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tar from 'tar';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { fencedHelm } from '../../../adapters/helm/fenced-helm.ts';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { helmReleases } from '../../../adapters/helm/read-release.ts';
import { connect } from '../../../adapters/kube/connect.ts';
import { memorySecrets } from '../../../adapters/memory/memory-secrets.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { ReleaseItem } from '../../../domain/items/release.ts';
import { keys } from '../../../domain/keys.ts';
import { replace } from '../../../domain/table.ts';
import type { Call, Deps } from '../../../lambdas/deploy-release/deps.ts';
import { type Answer, deployRelease } from '../../../lambdas/deploy-release/handler.ts';
import type { KubeClient } from '../../../local/cluster/kube-client.ts';
import type { LocalCluster } from '../../../local/cluster/start-cluster.ts';
import { aSight, tableOf } from '../deployment-table.ts';
import { aDeployment, aLease, aRelease, ROLLOUT, someInputs } from '../items.ts';
import { keptLog } from '../kept-log.ts';
import { realValues } from './values-deps.ts';

/** A chart's .tgz of these templates, by file name; `../crds/a.yaml` stands beside them. */
export async function chartOf(templates: Readonly<Record<string, string>>, values = '{}'): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'values.yaml': values,
    ...Object.fromEntries(Object.entries(templates).map(([name, text]) => [`templates/${name}`, text])),
  };
  for (const room of ['templates', 'crds']) await mkdir(join(folder, 'web', room), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'web', name), text);
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar.create({ cwd: folder, gzip: true }, ['web'])) chunks.push(chunk);
  await rm(folder, { recursive: true });
  return Buffer.concat(chunks);
}

export interface World {
  readonly cluster: LocalCluster;
  readonly admin: KubeClient;
  readonly token: () => Promise<string>;
  readonly helm: string;
}

export interface Scene {
  readonly namespace: string;
  readonly table: MemoryTable;
  readonly lines: string[];
  readonly deps: Deps;
  /** Puts a chart into the pretend registry; it becomes the deployment's. */
  chart(archive: Uint8Array): Promise<void>;
  /** The registry has it no more. */
  loseChart(digest: string): void;
  values(values: Readonly<Record<string, unknown>>): Promise<void>;
  deployment(): Promise<DeploymentItem>;
  change(changes: Partial<DeploymentItem>): Promise<void>;
  release(changes: { [K in keyof ReleaseItem]?: ReleaseItem[K] | undefined }): Promise<void>;
  call(operation: Readonly<Record<string, unknown>>, call?: Partial<Call>): Promise<Answer>;
  apply(call?: Partial<Call>): Promise<Answer>;
}

let count = 0;

/** A namespace of its own, granted to the deployers unless told otherwise, and a deployment in mid-*Apply*. helm's folders are made in `temporary`. */
export async function aScene(world: World, { granted = true, temporary = tmpdir() } = {}): Promise<Scene> {
  const namespace = `scene-${++count}-${randomUUID().slice(0, 6)}`;
  if (granted) await grant(world.admin, namespace);
  const { server, caData } = world.cluster;
  const connection = { server, ca: Buffer.from(caData, 'base64').toString(), token: world.token };
  const log = keptLog();
  const now = () => new Date();
  const helm = fencedHelm({ ...connection, helm: world.helm, temporary, installation: 'fairlead', now, log });
  const charts = new Map<string, Uint8Array>();
  const place = { cluster: { name: 'dev', account: '000000000000', region: 'eu-north-1' }, namespace, release: 'web' };
  const table = await seeded(place, now());
  const deps: Deps = {
    table,
    patience: { tries: 5, pause: async () => undefined },
    now,
    log,
    digest: async (content) => `hmac-sha256:${createHash('sha256').update(content).digest('hex')}`,
    secrets: memorySecrets().of,
    plans: { putOnce: async () => 'written', get: async () => undefined },
    evidence: { putOnce: async () => 'written', get: async () => undefined },
    charts: {
      resolve: async () => ({ found: false, code: 'chart-not-found', because: 'not asked here' }),
      pull: async (_, digest) => {
        const archive = charts.get(digest);
        return archive === undefined
          ? { pulled: false, code: 'chart-not-found', because: `no chart ${digest}` }
          : { pulled: true, archive };
      },
    },
    reach: async (_cluster, _environment, actAs) => {
      const kube = connect({ ...connection, actAs });
      return { reached: true, cluster: { kube, releases: helmReleases(kube), helm } };
    },
    readLayer,
    ...realValues(),
    canonical: canonicalJson,
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  };
  const deploy = deployRelease(deps);
  const deploymentKey = keys.deployment(ROLLOUT, 'dev');
  const scene: Scene = {
    namespace,
    table,
    lines: log.lines,
    deps,
    async deployment() {
      return (await table.get(deploymentKey)) ?? aDeployment();
    },
    async change(changes) {
      await table.transact([replace(deploymentKey, await scene.deployment(), changes)]);
    },
    async release(changes) {
      const key = keys.release('dev', 'webui');
      const seen = await table.get(key);
      if (seen !== undefined) await table.transact([replace(key, seen, changes)]);
    },
    async chart(archive) {
      const chartDigest = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
      charts.set(chartDigest, archive);
      await scene.change({ inputs: { ...(await scene.deployment()).inputs, chartDigest } });
    },
    loseChart: (digest) => void charts.delete(digest),
    async values(values) {
      const item = {
        type: 'request' as const,
        v: 1 as const,
        rolloutId: ROLLOUT,
        version: '1.0.0',
        stages: [],
        values,
      };
      await table.transact([{ do: 'put', key: keys.request(ROLLOUT), item: { ...item, rev: 1 }, expect: 'any' }]);
    },
    call: (operation, call = {}) =>
      deploy(
        { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1, ...operation },
        { requestId: randomUUID(), hardEnd: new Date(Date.now() + 900_000), ...call },
      ),
    apply: (call) => scene.call({ operation: 'apply', values: [], invalid: [] }, call),
  };
  return scene;
}

async function seeded(place: DeploymentItem['place'], now: Date): Promise<MemoryTable> {
  const deadline = new Date(now.getTime() + 3_600_000).toISOString();
  const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline };
  const deployment = aDeployment({ place, state: 'applying', begun: 1, timeoutMinutes: 2, inputs: someInputs() });
  const release = aRelease({
    state: 'deploying',
    goodRevision: undefined,
    liveRevision: undefined,
    effectiveDigest: undefined,
    chartDigest: undefined,
  });
  const { namespace, release: name } = place;
  const lease = aLease({ namespace, release: name, cluster: '000000000000/eu-north-1/dev', holder });
  return tableOf(aSight({ deployment, release, lease }));
}

async function grant(admin: KubeClient, namespace: string): Promise<void> {
  await admin.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await admin.call('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'fairlead-deployers' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'fairlead:deployers' }],
  });
}
