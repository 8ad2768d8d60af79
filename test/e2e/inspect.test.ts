/** What the deployer sees of a real cluster, asked through the real API: one thing wrong at a time. */
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import { fairleadApi } from '../../cli/fairlead-api.ts';
import type { InspectionView } from '../../contracts/inspection.ts';
import { openSession } from '../../local/aws/session.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { newAuthority } from '../../local/tls/authority.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';
import { withoutAwsAuth } from '../support/taken-away.ts';

const stack = inject('stack');
const patiently = { timeout: 30_000, interval: 300 };
let world: E2eWorld;
let story: Story;
beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'inspect', { environments: ['dev'] });
  await story.push('1.0.0', CONFIG);
  await story.push('1.1.0', { ...CONFIG, ...ROLES });
});
afterAll(async () => await world?.stop());

const ROLES = {
  'roles.yaml': `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "{{ .Release.Name }}" }
rules: []
---
apiVersion: acme.io/v1
kind: Widget
metadata: { name: "{{ .Release.Name }}" }
`,
};
const api = fairleadApi(
  signedClient({
    endpoint: stack.api,
    region: stack.region,
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await openSession(
        stack.endpoint,
        stack.outputs['ReaderRoleArn'] ?? '',
        'inspecting',
      );
      return { accessKeyId, secretAccessKey, sessionToken };
    },
  }),
);
const environment = () => story.environments[0] ?? '';
const lines = ({ checks }: InspectionView) => Object.fromEntries(checks.map(({ check, state }) => [check, state]));
const line = ({ checks }: InspectionView, wanted: string) => checks.find(({ check }) => check === wanted);
const inspect = (about = {}, where = environment()) => api.inspection(where, about);

/** An environment of the stack's first cluster with something else about it. */
async function anEnvironment(name: string, cluster: object): Promise<string> {
  const full = `${story.name}-${name}`;
  const [first] = stack.clusters;
  const body = {
    cluster: { name: first?.name, endpoint: first?.server, ca: first?.caData, ...cluster },
    namespaceSuffix: full,
  };
  await mustRun(world.operator, 'environment', 'put', full, '-f', await world.file(`${full}.yaml`, body));
  return full;
}

describe('a cluster as it should be', () => {
  test('is well in every line, for a reader too', async () => {
    const seen = await inspect({ package: story.name, version: '1.0.0' });
    expect(seen).toMatchObject({
      environment: environment(),
      package: story.name,
      deployer: { name: 'default', role: stack.outputs['DeployerRoleArn'] },
    });
    expect(seen.checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(Object.keys(lines(seen))).toEqual([
      ...['deployer', 'clock', 'helm', 'authentication-mode', 'network', 'tls', 'mapping', 'namespace', 'chart'],
      ...['rbac:Secret', 'rbac:ConfigMap'],
    ]);
    expect(line(seen, 'mapping')?.says).toMatch(/knows the deployer as fairlead:.*of group fairlead:deployers/);
    expect(line(seen, 'helm')?.says).toMatch(/^helm v4\./);
  });

  test('is looked at without a package, too: only the way and who we are', async () => {
    const seen = await inspect();
    expect(Object.keys(lines(seen))).toEqual([
      'deployer',
      'clock',
      'helm',
      'authentication-mode',
      'network',
      'tls',
      'mapping',
    ]);
  });

  test('is no different afterwards: nothing is claimed, nothing is made', async () => {
    const before = await world.kubectl(
      'get',
      'all,secrets,configmaps',
      '-n',
      story.namespace(environment()),
      '-o',
      'name',
    );
    await inspect({ package: story.name });
    expect(
      await world.kubectl('get', 'all,secrets,configmaps', '-n', story.namespace(environment()), '-o', 'name'),
    ).toBe(before);
    expect(await story.history(environment())).toEqual([]);
  });
});

describe('a chart', () => {
  test('without a version is the newest; kinds that may not be made, and those that are not there, are told', async () => {
    const seen = await inspect({ package: story.name });
    expect(line(seen, 'chart')).toMatchObject({
      state: 'ok',
      says: expect.stringMatching(/:1\.1\.0 \(the newest\) .* sha256:/),
    });
    expect(line(seen, 'rbac:ClusterRole')).toMatchObject({
      state: 'fail',
      says: expect.stringMatching(/the deployer may not get, create, patch, delete ClusterRole in the cluster/),
      fix: expect.stringContaining('platform package'),
    });
    expect(line(seen, 'rbac:Widget')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('knows no Widget'),
    });
    expect(line(seen, 'rbac:ConfigMap')).toMatchObject({ state: 'ok' });
  });

  test('that is not there in this version fails, and the rest is told all the same', async () => {
    const seen = await inspect({ package: story.name, version: '9.9.9' });
    expect(line(seen, 'chart')).toMatchObject({ state: 'fail', fix: expect.stringContaining('fairlead package push') });
    expect(lines(seen)).toMatchObject({ namespace: 'ok', 'rbac:Secret': 'ok' });
  });
});

describe('one thing is wrong, and just its line says so:', () => {
  test('nobody listens at the endpoint', async () => {
    const free = createServer();
    await new Promise<void>((up) => void free.listen(0, '127.0.0.1', up));
    const address = free.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((closed) => free.close(closed));
    const seen = await inspect({}, await anEnvironment('port', { endpoint: `https://127.0.0.1:${port}` }));
    expect(line(seen, 'network')).toMatchObject({ state: 'fail', says: expect.stringContaining('ECONNREFUSED') });
    expect(line(seen, 'tls') ?? line(seen, 'mapping')).toBeUndefined();
  });

  test('the endpoint has a name without an address', async () => {
    const where = await anEnvironment('name', { endpoint: 'https://no-such-cluster.invalid' });
    expect(line(await inspect({}, where), 'network')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('its name has no address'),
    });
  });

  test('the registered CA is of another cluster', async () => {
    const ca = Buffer.from(newAuthority('another', new Date()).ca).toString('base64');
    const seen = await inspect({}, await anEnvironment('ca', { ca }));
    expect(lines(seen)).toMatchObject({ network: 'ok', tls: 'fail' });
    expect(line(seen, 'tls')?.says).toMatch(/not signed by the CA that is registered/);
    expect(line(seen, 'mapping')).toBeUndefined();
  });

  test('the namespace is not granted', async () => {
    const seen = await inspect({ package: story.name, version: '1.0.0' }, await anEnvironment('bare', {}));
    expect(lines(seen)).toMatchObject({ mapping: 'ok', namespace: 'fail', 'rbac:ConfigMap': 'fail', chart: 'ok' });
    expect(line(seen, 'namespace')?.fix).toBe(
      `fairlead cluster grant --environment ${story.name}-bare --namespace e2e`,
    );
  });

  test('the cluster goes by another name, for which our token holds nothing', async () => {
    const seen = await inspect({}, await anEnvironment('named', { name: 'another-name' }));
    expect(line(seen, 'mapping')).toMatchObject({
      state: 'fail',
      fix: `fairlead cluster connect ${story.name}-named`,
    });
  });
});

describe('a package with a team', () => {
  test('is told whether the deployer may act as it, and then what the team may', async () => {
    const team = `${story.name}-team`;
    const pkg = `${story.name}-own`;
    const body = { namespace: 'e2e-own', chart: `${stack.charts.registry}/${story.name}`, team };
    await mustRun(world.operator, 'package', 'put', pkg, '-f', await world.file('own.yaml', body));
    const about = { package: pkg, version: '1.0.0' };
    await mustRun(world.operator, 'cluster', 'grant', '--environment', environment(), '--namespace', 'e2e-own');
    // The grant lets deployers act as every account of the namespace, which Kubernetes' own role `admin` does.
    expect(line(await inspect(about), 'act-as')).toMatchObject({
      state: 'warn',
      says: expect.stringContaining('no such account'),
    });
    const granting = [
      'cluster',
      'grant',
      '--environment',
      environment(),
      '--namespace',
      'e2e-own',
      '--teams-only',
      '--team',
    ];
    await mustRun(world.operator, ...granting, 'another');
    await vi.waitFor(async () => {
      const seen = await inspect(about);
      expect(line(seen, 'act-as')).toMatchObject({ state: 'fail', fix: expect.stringContaining(`--team ${team}`) });
      expect(line(seen, 'rbac:ConfigMap')).toBeUndefined();
    }, patiently);
    await mustRun(world.operator, ...granting, team);
    await vi.waitFor(async () => {
      const seen = await inspect(about);
      expect(lines(seen)).toMatchObject({ 'act-as': 'ok', 'rbac:ConfigMap': 'fail' });
      expect(line(seen, 'rbac:ConfigMap')?.fix).toMatch(/^bind a Role with that right to service account/);
    }, patiently);
    const bound = [
      `--serviceaccount=e2e-own-${environment()}:${team}`,
      '--clusterrole=edit',
      '-n',
      `e2e-own-${environment()}`,
    ];
    await world.kubectl('create', 'rolebinding', team, ...bound);
    await vi.waitFor(async () => {
      const { checks } = await inspect(about);
      expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    }, patiently);
  });
});

test('a role that the cluster does not know is told as that, with the command that makes it known', async () => {
  await withoutAwsAuth(world)(async () => {
    await vi.waitFor(async () => {
      expect(line(await inspect(), 'mapping')).toMatchObject({
        state: 'fail',
        says: expect.stringContaining("does not know the deployer's role"),
        fix: `fairlead cluster connect ${environment()}`,
      });
    }, patiently);
  });
  await vi.waitFor(async () => expect(line(await inspect(), 'mapping')).toMatchObject({ state: 'ok' }), patiently);
});
