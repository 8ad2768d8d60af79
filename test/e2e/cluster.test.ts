import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eksToken } from '../../adapters/aws/eks-token.ts';
import { deployersEntry } from '../../domain/aws-auth/map-role.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import type { MiniStack } from '../../local/aws/ministack.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/aws/ministack-environment.ts';
import { openSession } from '../../local/aws/session.ts';
import { awsAuthConfigMap } from '../../local/cluster/aws-auth.ts';
import type { KubeClient } from '../../local/cluster/kube-client.ts';
import { type LocalCluster, startCluster } from '../../local/cluster/start-cluster.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureTools, type Tools } from '../../local/install/ensure-tools.ts';
import { runTool } from '../../local/install/run-tool.ts';
import { silentProgress } from '../../local/progress.ts';
import { asAdmin, whoIs } from '../support/cluster-calls.ts';
import { testMiniStack } from '../support/ministack.ts';

/** The real control plane and the real authenticator, with no other part of Fairlead running. */
let ministack: MiniStack;
let cluster: LocalCluster;
let admin: KubeClient;
let folder: string;
let tools: Tools;

const roleArn = (name: string) => `arn:aws:iam::${LOCAL_ACCOUNT}:role/${name}`;
const deployer = deployersEntry(roleArn('deployer'));
const patiently = { timeout: 20_000, interval: 100 };

beforeAll(async () => {
  tools = await ensureTools({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  [ministack, folder] = await Promise.all([testMiniStack(), mkdtemp(join(tmpdir(), 'fairlead-cluster-'))]);
  const iam = new IAMClient(localClient(ministack.endpoint));
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${LOCAL_ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  for (const RoleName of ['deployer', 'stranger'])
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  iam.destroy();
  cluster = await startCluster({
    name: 'dev',
    folder: join(folder, 'dev'),
    logs: join(folder, 'logs'),
    tools,
    sts: { endpoint: ministack.endpoint },
    region: LOCAL_REGION,
    awsAuth: [deployer],
  });
  admin = await asAdmin(cluster);
});
afterAll(async () => {
  admin?.close();
  await cluster?.stop();
  await ministack?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function tokenOf(role: string, forCluster = 'dev'): Promise<string> {
  const session = await openSession(ministack.endpoint, roleArn(role), 'a-rollout');
  return await eksToken({
    cluster: forCluster,
    region: LOCAL_REGION,
    credentials: async () => session,
    now: () => new Date(),
  })();
}

test('a mapped role is a deployer under the name of its session, and nothing more', async () => {
  expect(await whoIs(cluster, await tokenOf('deployer'))).toMatchObject({
    username: 'fairlead:a-rollout',
    groups: ['fairlead:deployers', 'system:authenticated'],
  });
});

test('a role that aws-auth does not map is refused', async () => {
  expect(await whoIs(cluster, await tokenOf('stranger'))).toBe('refused');
});

test('a token that was signed for another cluster is refused', async () => {
  expect(await whoIs(cluster, await tokenOf('deployer', 'prod'))).toBe('refused');
});

test('a token whose signature was touched is refused', async () => {
  const url = Buffer.from((await tokenOf('deployer')).slice('k8s-aws-v1.'.length), 'base64url').toString();
  const touched = url.replace(/(X-Amz-Signature=)(.)/, (_all, name, digit) => `${name}${digit === '0' ? '1' : '0'}`);
  expect(touched).not.toBe(url);
  expect(await whoIs(cluster, `k8s-aws-v1.${Buffer.from(touched).toString('base64url')}`)).toBe('refused');
});

test('an entry taken out of aws-auth closes the cluster, put back opens it again', async () => {
  const path = '/api/v1/namespaces/kube-system/configmaps/aws-auth';
  const token = await tokenOf('deployer');
  await admin.call('PUT', path, awsAuthConfigMap([]));
  await vi.waitFor(async () => expect(await whoIs(cluster, token)).toBe('refused'), patiently);
  await admin.call('PUT', path, awsAuthConfigMap([deployer]));
  await vi.waitFor(
    async () => expect(await whoIs(cluster, token)).toMatchObject({ username: 'fairlead:a-rollout' }),
    patiently,
  );
});

const deployment = (name: string, pretend?: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: {
        labels: { app: name },
        annotations: pretend === undefined ? {} : { 'fairlead.dev/pretend': pretend },
      },
      spec: { containers: [{ name: 'web', image: 'acme/web:1.0.0' }] },
    },
  },
});

async function get(path: string) {
  const { status, body } = await admin.call('GET', path);
  expect(status).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server says
  return body as any;
}

async function create(path: string, body: unknown): Promise<void> {
  const answer = await admin.call('POST', path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
}

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const podsOf = (app: string) => `/api/v1/namespaces/default/pods?labelSelector=app%3D${app}`;

test('a deployment becomes available, and goes with its pods when it is deleted', async () => {
  await create(DEPLOYMENTS, deployment('good'));
  await vi.waitFor(
    async () => expect((await get(`${DEPLOYMENTS}/good`)).status).toMatchObject({ availableReplicas: 2 }),
    patiently,
  );
  await admin.call('DELETE', `${DEPLOYMENTS}/good`);
  await vi.waitFor(async () => expect((await get(podsOf('good'))).items).toEqual([]), patiently);
});

test('a deployment that is to crash does, and its last words come through the API server', async () => {
  await create(DEPLOYMENTS, deployment('bad', 'crash-loop-back-off'));
  const pod = await vi.waitFor(async () => {
    const [first] = (await get(podsOf('bad'))).items;
    expect(first?.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
    });
    return first;
  }, patiently);
  expect(await get(`/api/v1/namespaces/default/pods/${pod.metadata.name}/log?tailLines=2`)).toMatch(
    /^FATAL no database.*\nexit status 1\n$/,
  );
  const events = await vi.waitFor(async () => {
    const { items } = await get(
      `/api/v1/namespaces/default/events?fieldSelector=involvedObject.uid%3D${pod.metadata.uid}`,
    );
    expect(items.map(({ reason }: { reason: string }) => reason)).toContain('BackOff');
    return items;
  }, patiently);
  expect(events[0].involvedObject).toMatchObject({ kind: 'Pod', name: pod.metadata.name });
  expect((await get(`${DEPLOYMENTS}/bad`)).status.availableReplicas).toBeUndefined();
});

test('a command in a container is refused, and does not keep the cluster from stopping', async () => {
  await create(DEPLOYMENTS, deployment('quiet'));
  const pod = await vi.waitFor(async () => {
    const [first] = (await get(podsOf('quiet'))).items;
    expect(first?.status.phase).toBe('Running');
    return first.metadata.name;
  }, patiently);
  const end = await runTool({
    command: tools.kubectl,
    args: ['exec', pod, '--', 'ls'],
    // kubectl caches what it discovers below HOME, and where there is none in the working folder.
    env: { KUBECONFIG: cluster.kubeconfig, HOME: dirname(cluster.kubeconfig) },
    timeoutMs: 20_000,
  });
  expect(end.stderr).toContain('serves container logs only');
  // That it stops in spite of this shows in `afterAll`.
});

test('a pod that no node takes stays pending, and says so', async () => {
  await create(DEPLOYMENTS, deployment('large', 'unschedulable'));
  await vi.waitFor(async () => {
    const [pod] = (await get(podsOf('large'))).items;
    expect(pod?.status).toMatchObject({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    });
  }, patiently);
});

test('a job finishes, a claim is bound, a load balancer gets an address, a daemon set has its pod', async () => {
  const containers = [{ name: 'work', image: 'acme/work:1' }];
  await create('/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'job' },
    spec: { template: { spec: { restartPolicy: 'Never', containers } } },
  });
  await create('/api/v1/namespaces/default/persistentvolumeclaims', {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await create('/api/v1/namespaces/default/services', {
    metadata: { name: 'front' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  });
  await create('/apis/apps/v1/namespaces/default/daemonsets', {
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers } },
    },
  });
  await vi.waitFor(async () => {
    expect((await get('/apis/batch/v1/namespaces/default/jobs/job')).status).toMatchObject({ succeeded: 1 });
    expect((await get('/api/v1/namespaces/default/persistentvolumeclaims/data')).status.phase).toBe('Bound');
    expect((await get('/api/v1/namespaces/default/services/front')).status.loadBalancer.ingress[0].ip).toMatch(
      /^192\.0\.2\./,
    );
    expect((await get('/apis/apps/v1/namespaces/default/daemonsets/agent')).status).toMatchObject({
      numberReady: 1,
      desiredNumberScheduled: 1,
    });
  }, patiently);
});
