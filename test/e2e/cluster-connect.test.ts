/** What connect writes, the real authenticator reads; what disconnect leaves is what was there before. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, DeleteClusterCommand, DescribeAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { eksToken } from '../../adapters/aws/eks-token.ts';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import { awsAuthObject } from '../../adapters/kube/aws-auth/aws-auth-object.ts';
import { connectConfigMap } from '../../adapters/kube/aws-auth/edit-config-map.ts';
import { asOperator, onStack } from '../../bin/destination.ts';
import { portsOf } from '../../bin/ports.ts';
import { run } from '../../cli/run.ts';
import { deployersEntry } from '../../domain/aws-auth/map-role.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { LOCAL_ROOT_CREDENTIALS } from '../../local/aws/ministack-environment.ts';
import { openSession } from '../../local/aws/session.ts';
import type { KubeClient } from '../../local/cluster/kube-client.ts';
import { type LocalCluster, startCluster } from '../../local/cluster/start-cluster.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureTools } from '../../local/install/ensure-tools.ts';
import { silentProgress } from '../../local/progress.ts';
import { asAdmin, whoIs } from '../support/cluster-calls.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
const NAME = 'connected';
const PATH = '/api/v1/namespaces/kube-system/configmaps/aws-auth';
const DEPLOYER = `arn:aws:iam::${stack.account}:role/fairlead-deployer`;
const patiently = { timeout: 30_000, interval: 200 };
/** As people write it: comments, quotes, several ways to indent, an entry that nobody understands any more. */
const BY_HAND = `# Do not touch: ask team platform first.
- groups:
  - system:bootstrappers
  - system:nodes
  rolearn: arn:aws:iam::${stack.account}:role/node   # the nodes
  username: system:node:{{EC2PrivateDNSName}}

# people
- {rolearn: 'arn:aws:iam::${stack.account}:role/admin', username: "admin", groups: [system:masters]}
-   "rolearn":  arn:aws:iam::${stack.account}:role/old
    groups: &none []
    # end`;

let world: E2eWorld;
let cluster: LocalCluster;
let admin: KubeClient;
let folder: string;
let story: Story;

beforeAll(async () => {
  const tools = await ensureTools({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  [world, folder] = await Promise.all([e2eWorld(stack), mkdtemp(join(tmpdir(), 'fairlead-connect-'))]);
  cluster = await startCluster({
    name: NAME,
    folder: join(folder, NAME),
    logs: join(folder, 'logs'),
    tools,
    sts: { endpoint: stack.endpoint },
    region: stack.region,
  });
  admin = await asAdmin(cluster);
  story = await aStory(world, 'connect', {
    environments: ['far'],
    clusters: { far: { name: NAME, endpoint: cluster.server, ca: cluster.caData } },
  });
  await story.push('1.0.0', { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n' });
});
afterAll(async () => {
  admin?.close();
  await cluster?.stop();
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `fairlead` as an operator whose AWS profile `cluster` may do everything with EKS, and whose kubeconfig is the cluster's admin's. */
async function fairlead(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    ...{ out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) },
    ...{ live: false, colour: false, columns: 120, draw() {}, done() {} },
  };
  const root = onStack(stack, 'root', async () => LOCAL_ROOT_CREDENTIALS);
  const operator = asOperator(stack);
  const { helm, kubectl } = stack.tools;
  const ports = portsOf(
    {
      terminal,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        KUBECONFIG: cluster.kubeconfig,
        FAIRLEAD_HELM: helm,
        FAIRLEAD_KUBECTL: kubectl,
      },
      interrupted: new AbortController().signal,
      readFile: (path) => readFile(path, 'utf8'),
      newKey: () => 'unused',
      now: () => new Date(),
      choose: async ({ profile }) => (profile === 'cluster' ? root : operator),
    },
    { up: async () => 6, down: async () => ({ outcome: 'nothing', because: '' }), env: async () => undefined },
  );
  const code = await run(argv, ports);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const environment = () => story.environments[0] ?? '';
const tokenOf = async (roleArn: string) => {
  const session = await openSession(stack.endpoint, roleArn, 'a-rollout');
  const token = eksToken({
    cluster: NAME,
    region: stack.region,
    credentials: async () => session,
    now: () => new Date(),
  });
  return await token();
};
const isKnown = async () => await whoIs(cluster, await tokenOf(stack.readerRoleArn));
const mapRoles = async () => {
  const { status, body } = await admin.call('GET', PATH);
  return status === 404 ? undefined : (body as { data?: { mapRoles?: string } }).data?.mapRoles;
};
const writeAwsAuth = async (text: string) => {
  await admin.call('DELETE', PATH);
  const object = { metadata: { name: 'aws-auth' }, data: { mapRoles: text, mapUsers: '[]\n' } };
  expect((await admin.call('POST', '/api/v1/namespaces/kube-system/configmaps', object)).status).toBe(201);
};

describe('a hand-written aws-auth', () => {
  test('lets the role in after connect and no more after disconnect, and comes back byte for byte', async () => {
    await writeAwsAuth(BY_HAND);
    await vi.waitFor(async () => expect(await isKnown()).toBe('refused'), patiently);

    const connected = await fairlead('cluster', 'connect', environment(), '--role', stack.readerRoleArn, '--yes');
    expect(connected.code, connected.err).toBe(0);
    expect(await mapRoles()).toMatch(/^# Do not touch/);
    expect((await mapRoles())?.startsWith(BY_HAND)).toBe(true);
    await vi.waitFor(
      async () =>
        expect(await isKnown()).toMatchObject({
          username: 'fairlead:a-rollout',
          groups: expect.arrayContaining(['fairlead:deployers']),
        }),
      patiently,
    );
    const [, backup = ''] = /the old one is kept in (\S+)/.exec(connected.err) ?? [];
    expect(backup.startsWith(join(folder, '.local/state/fairlead/aws-auth/connected-'))).toBe(true);

    const disconnected = await fairlead('cluster', 'disconnect', environment(), '--role', stack.readerRoleArn, '--yes');
    expect(disconnected.code, disconnected.err).toBe(0);
    expect(await mapRoles()).toBe(BY_HAND);
    await vi.waitFor(async () => expect(await isKnown()).toBe('refused'), patiently);

    await admin.call('DELETE', PATH);
    await world.kubectl('--kubeconfig', cluster.kubeconfig, 'create', '-f', backup);
    expect(await mapRoles()).toBe(BY_HAND);
  });

  test.each([
    ['indented all the way', BY_HAND.replaceAll(/^(?=.)/gm, '    ')],
    ['with the line breaks of Windows', BY_HAND.replaceAll('\n', '\r\n')],
    ['as JSON on one line', JSON.stringify([{ rolearn: `arn:aws:iam::${stack.account}:role/node`, groups: [] }])],
    ['as JSON over many lines', JSON.stringify([{ rolearn: `arn:aws:iam::${stack.account}:role/node` }], undefined, 2)],
    ['empty', '[]\n'],
    ['with nothing but a comment', '# nobody yet'],
  ])('%s is read by the authenticator after connect, too', async (_what, text) => {
    await writeAwsAuth(text);
    await vi.waitFor(async () => expect(await isKnown()).toBe('refused'), patiently);
    const role = ['--role', stack.readerRoleArn, '--yes'];
    expect(await fairlead('cluster', 'connect', environment(), ...role)).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect(await isKnown()).toMatchObject({ username: 'fairlead:a-rollout' }), patiently);
    expect(await fairlead('cluster', 'disconnect', environment(), ...role)).toMatchObject({ code: 0 });
    expect(await mapRoles()).toBe(text);
  });

  test('with a rollout: blocked before connect, done after it, blocked again after disconnect', async () => {
    await writeAwsAuth(BY_HAND);
    const roll = async () => (await story.roll('1.0.0')).ended.deployments[0];
    expect(await roll()).toMatchObject({ state: 'blocked', outcome: { code: 'forbidden' } });

    const connected = await fairlead('cluster', 'connect', environment(), '--namespace', 'e2e', '--yes', '--json');
    expect(connected.code, connected.err).toBe(0);
    expect(JSON.parse(connected.out)).toMatchObject({
      role: DEPLOYER,
      way: 'aws-auth',
      mapping: { outcome: 'written' },
      namespaces: [{ namespace: story.namespace(environment()), chart: 'installed' }],
    });
    await vi.waitFor(async () => expect(await roll()).toMatchObject({ state: 'succeeded' }), {
      ...patiently,
      timeout: 60_000,
    });

    const disconnected = await fairlead('cluster', 'disconnect', environment(), '--yes', '--json');
    expect(disconnected.code, disconnected.err).toBe(0);
    expect(JSON.parse(disconnected.out).namespaces).toEqual([story.namespace(environment())]);
    expect(await mapRoles()).toBe(BY_HAND);
    await vi.waitFor(async () => expect(await roll()).toMatchObject({ state: 'blocked' }), {
      ...patiently,
      timeout: 60_000,
    });
  });
});

describe('the real API server', () => {
  const object = () =>
    awsAuthObject({
      kubectl: stack.tools.kubectl,
      env: { HOME: folder },
      kubeconfig: cluster.kubeconfig,
      context: NAME,
    });
  const read = async () => {
    const found = await object().read();
    if (!('found' in found)) throw new Error(found.because);
    return found.found;
  };
  const changeOf = (found: Awaited<ReturnType<typeof read>>) => {
    const edit = connectConfigMap(found, deployersEntry(DEPLOYER), true);
    if (edit.outcome !== 'changed') throw new Error(edit.because);
    return edit.change;
  };

  test('refuses a write over what somebody else wrote since it was read', async () => {
    await writeAwsAuth(BY_HAND);
    const change = changeOf(await read());
    await admin.call('PATCH', PATH, { data: { mapUsers: '' } });
    expect(await object().write(change)).toEqual({ written: false, raced: true });
    expect(await mapRoles()).toBe(BY_HAND);
    expect(await object().write(changeOf(await read()))).toEqual({ written: true });
  });

  test('refuses to make what somebody else has made, and to delete what is not any more what was read', async () => {
    await admin.call('DELETE', PATH);
    const change = changeOf(await read());
    expect(change.how).toBe('create');
    expect(await object().write(change)).toEqual({ written: true });
    expect(await object().write(change)).toEqual({ written: false, raced: true });
    const made = await read();
    if (made === undefined) throw new Error('nothing was made');
    await admin.call('PATCH', PATH, { data: { mapUsers: '' } });
    expect(await object().write({ ...change, how: 'delete', object: made })).toEqual({ written: false, raced: true });
    const now = await read();
    expect(await object().write({ ...change, how: 'delete', object: now ?? made })).toEqual({ written: true });
    expect(await read()).toBeUndefined();
  });
});

describe('an access entry of EKS', () => {
  const eks = new EKSClient(localClient(stack.endpoint));
  const name = 'entries-only';
  afterAll(() => eks.destroy());

  test('is made with our tag, found again, and deleted', async () => {
    await eks.send(
      new CreateClusterCommand({
        name,
        roleArn: stack.readerRoleArn,
        resourcesVpcConfig: {},
        accessConfig: { authenticationMode: 'API' },
      }),
    );
    const register = await world.file('connect/entries.yaml', { cluster: { name } });
    expect((await world.operator(['environment', 'put', 'connect-entries', '-f', register])).code).toBe(0);
    const connect = ['cluster', 'connect', 'connect-entries', '--cluster-profile', 'cluster'];
    const { code, err } = await fairlead(...connect, '--yes');
    expect(code, err).toBe(0);
    const { accessEntry } = await eks.send(
      new DescribeAccessEntryCommand({ clusterName: name, principalArn: DEPLOYER }),
    );
    expect(accessEntry).toMatchObject({
      username: 'fairlead:{{SessionName}}',
      kubernetesGroups: ['fairlead:deployers'],
      type: 'STANDARD',
      tags: { 'fairlead:installation': 'fairlead' },
    });
    expect((await fairlead(...connect)).out).toContain('an access entry of ours lets it in already');

    const gone = await fairlead(
      'cluster',
      'disconnect',
      'connect-entries',
      '--cluster-profile',
      'cluster',
      '--context',
      NAME,
      '--yes',
    );
    expect(gone.code, gone.err).toBe(0);
    await expect(
      eks.send(new DescribeAccessEntryCommand({ clusterName: name, principalArn: DEPLOYER })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { status } = await signedClient(asOperator(stack)).call({
      method: 'DELETE',
      path: '/environments/connect-entries',
    });
    expect(status).toBe(204);
    await eks.send(new DeleteClusterCommand({ name }));
  });
});
