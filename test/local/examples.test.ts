import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readLayer } from '../../adapters/helm/read-layer.ts';
import { readManifest } from '../../adapters/helm/read-manifest.ts';
import { EnvironmentBody } from '../../contracts/api/environment.ts';
import { PackageBody } from '../../contracts/api/package.ts';
import { Config } from '../../contracts/config.ts';
import { Stages } from '../../contracts/stage.ts';
import { matches } from '../../domain/target.ts';
import { layerNames } from '../../domain/values/layers/layer-names.ts';
import { mergeLayers, type Values } from '../../domain/values/layers/merge-layers.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureLayer } from '../../local/install/ensure-tools.ts';
import { runTool } from '../../local/install/run-tool.ts';
import { silentProgress } from '../../local/progress.ts';

/** What people copy from must be right: every example is read as it would be, and every chart rendered by the deployer's helm. */
const root = join(import.meta.dirname, '../..');
const examples = join(root, 'examples');
let folder: string;
let helmPath: string;
beforeAll(async () => {
  const layer = await ensureLayer({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  helmPath = layer.helm;
  folder = await mkdtemp(join(tmpdir(), 'fairlead-examples-'));
}, 120_000);
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const helm = (...args: string[]) =>
  runTool({ command: helmPath, args, env: { HOME: folder, PATH: '/nonexistent' }, timeoutMs: 30_000 });
const yaml = async (...path: string[]): Promise<unknown> => parse(await readFile(join(examples, ...path), 'utf8'));
const namesIn = async (...path: string[]) =>
  (await readdir(join(examples, ...path))).map((file) => basename(file, '.yaml'));
const environment = async (name: string) => EnvironmentBody.parse(await yaml('environments', `${name}.yaml`));
const config = async () => Config.parse(await yaml('fairlead.yaml'));

/** The values that `pkg` gets in an environment: its layers as Fairlead reads and merges them. */
async function valuesOf(pkg: string, name: string): Promise<Values> {
  const { labels } = await environment(name);
  const { labelOrder } = (await config()).values;
  const there = await namesIn('values', pkg);
  const base = `${pkg}-service-helm-`;
  const wanted = layerNames({ prefix: '', labelOrder }, pkg, { name, labels }).map((layer) =>
    layer.slice(base.length).replace('values.', ''),
  );
  const layers = wanted
    .filter((layer) => there.includes(layer))
    .map(async (layer) => {
      const read = readLayer(layer, 1, await readFile(join(examples, 'values', pkg, `${layer}.yaml`), 'utf8'));
      if (!read.ok) throw new Error(read.because);
      return read.values;
    });
  return mergeLayers(await Promise.all(layers));
}

/** The chart packed as `version` and rendered for an environment. */
async function rendered(pkg: string, version: string, name: string): Promise<string> {
  const values = join(folder, `${pkg}-${name}.json`);
  await writeFile(values, JSON.stringify(await valuesOf(pkg, name)));
  const packed = await helm('package', join(examples, 'charts', pkg), '--version', version, '--destination', folder);
  expect(packed).toMatchObject({ code: 0 });
  const out = await helm('template', pkg, join(folder, `${pkg}-${version}.tgz`), '--namespace', 'web', '-f', values);
  expect(out).toMatchObject({ code: 0 });
  return out.stdout;
}

const ENVIRONMENTS = ['dev', 'prod-eu', 'prod-us', 'staging'];

describe('the examples are what Fairlead takes', () => {
  test('environments, packages, stages and the installation', async () => {
    expect((await namesIn('environments')).sort()).toEqual(ENVIRONMENTS);
    expect((await namesIn('packages')).sort()).toEqual(['webui', 'worker']);
    for (const name of await namesIn('packages')) PackageBody.parse(await yaml('packages', `${name}.yaml`));
    expect((await config()).sources.map(({ packages }) => packages)).toEqual([['webui'], ['worker']]);
  });

  test('the stages reach every environment, prod last', async () => {
    const stages = Stages.parse(await yaml('stages.yaml'));
    const reached = await Promise.all(
      ENVIRONMENTS.map(async (name) => {
        const { labels } = await environment(name);
        return [name, stages.find(({ targets }) => targets.some((target) => matches(target, labels)))?.name];
      }),
    );
    expect(Object.fromEntries(reached)).toEqual({
      dev: 'dev',
      staging: 'staging',
      'prod-eu': 'prod',
      'prod-us': 'prod',
    });
  });

  test('no two environments share a namespace of one cluster', async () => {
    const places = await Promise.all(
      ENVIRONMENTS.map(async (name) => {
        const { cluster, namespaceSuffix } = await environment(name);
        return `${cluster.name}/${namespaceSuffix}`;
      }),
    );
    expect(new Set(places).size).toBe(4);
  });

  test.each(['webui', 'worker'])('%s has values that differ per environment', async (pkg) => {
    const values = await Promise.all(ENVIRONMENTS.map((name) => valuesOf(pkg, name)));
    expect(new Set(values.map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
  });
});

describe('the charts', () => {
  test.each(['examples/charts/webui', 'examples/charts/worker', 'charts/cluster-access'])(
    '%s is well-formed',
    async (chart) => {
      expect(await helm('lint', '--strict', join(root, chart))).toMatchObject({ code: 0 });
    },
  );

  test.each(ENVIRONMENTS)('webui renders for %s', async (name) => {
    const kinds = readManifest(await rendered('webui', '1.1.0', name), 'web').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['ConfigMap', 'Deployment', 'Service']);
  });

  test.each(ENVIRONMENTS)('worker renders for %s', async (name) => {
    const kinds = readManifest(await rendered('worker', '1.0.0', name), 'work').map(({ kind }) => kind);
    expect(kinds).toEqual(['StatefulSet']);
  });

  test('webui 1.2.0 does not get ready in staging, and only there', async () => {
    const crashes = async (version: string, name: string) =>
      (await rendered('webui', version, name)).includes('crash-loop-back-off');
    for (const name of ENVIRONMENTS) {
      expect([name, await crashes('1.2.0', name)]).toEqual([name, name === 'staging']);
      expect([name, await crashes('1.1.0', name)]).toEqual([name, false]);
    }
  });
});

describe('access to a namespace', () => {
  const chart = join(root, 'charts/cluster-access');

  test('is one binding in that namespace, and nothing of the cluster', async () => {
    const out = await helm('template', 'fairlead-access', chart, '--namespace', 'web-dev');
    expect(parse(out.stdout)).toMatchObject({
      kind: 'RoleBinding',
      roleRef: { kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'Group', name: 'fairlead:deployers' }],
    });
  });

  test.each([
    ['the masters of the cluster', 'group=system:masters'],
    ['nobody', 'group='],
    ['more rights than a namespace has', 'clusterRole=cluster-admin'],
    ['a word that the chart does not know', 'groups=x'],
  ])('is not given to or with %s', async (_, wrong) => {
    const out = await helm('template', 'fairlead-access', chart, '--set', wrong);
    expect(out.code).not.toBe(0);
    expect(out.stderr).toMatch(/values don't meet the specifications of the schema/);
  });
});
