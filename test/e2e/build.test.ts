import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { ensureRepository } from '../../adapters/aws/ecr-repository.ts';
import { ociCharts } from '../../adapters/aws/oci-charts.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { pushChart } from '../../adapters/helm/push-chart.ts';
import { waysOf } from '../../domain/deployment/ways-of.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { catchUp } from '../../domain/rollout/number-news.ts';
import { create, type Table } from '../../domain/table.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { deployRelease } from '../../lambdas/deploy-release/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { aslRunner } from '../../local/asl/runner.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/aws/ministack-environment.ts';
import { openSession } from '../../local/aws/session.ts';
import { load } from '../statemachines/scripted.ts';
import { CALENDAR } from '../support/calendar.ts';
import { createTable } from '../support/create-table.ts';
import { type PretendCodeBuild, pretendCodeBuild } from '../support/deployer/code-build.ts';
import { aScene } from '../support/deployer/scene.ts';
import { aWorld } from '../support/deployer/world.ts';
import { aDeployment, aLease, aRelease, aRollout, ROLLOUT, someEvents, someInputs } from '../support/items.ts';
import { keptLog } from '../support/kept-log.ts';
import { realTime } from '../support/real-time.ts';

/**
 * The buildspec's commands, run as CodeBuild runs them: the bundle that is deployed, with real helm against a real API
 * server, as the role that the real authenticator maps; table, secret, buckets and registry are MiniStack's.
 */
let world: Awaited<ReturnType<typeof aWorld>>;
let builds: PretendCodeBuild;
let table: Table;
let push: ReturnType<typeof pushChart>;
let folder: string;
beforeAll(async () => {
  world = await aWorld();
  folder = await mkdtemp(join(tmpdir(), 'fairlead-build-'));
  const client = localClient(world.endpoint);
  const dynamodb = new DynamoDBClient(client);
  const tableName = await createTable(dynamodb);
  table = dynamodbTable({ client: dynamodb, tableName });
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const Bucket of ['plans', 'evidence']) await s3.send(new CreateBucketCommand({ Bucket }));
  const secret = await new SecretsManagerClient(client).send(
    new CreateSecretCommand({ Name: 'digest-key', SecretString: 'a key of the installation' }),
  );
  const Statement = [{ Effect: 'Allow', Action: ['dynamodb:*', 's3:*', 'secretsmanager:*', 'ecr:*'], Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await new IAMClient(client).send(
    new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'all', PolicyDocument }),
  );
  const registryOf = ensureRepository({ client: new ECRClient(client), endpoint: world.endpoint });
  push = pushChart({ helm: world.helm, env: { PATH: process.env['PATH'], HOME: folder }, registryOf });
  const session = await openSession(world.endpoint, world.roleArn, 'AWSCodeBuild-1');
  builds = await pretendCodeBuild({
    helm: world.helm,
    env: {
      AWS_REGION: LOCAL_REGION,
      AWS_DEFAULT_REGION: LOCAL_REGION,
      AWS_ENDPOINT_URL: world.endpoint,
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      TABLE_NAME: tableName,
      PLANS_BUCKET: 'plans',
      EVIDENCE_BUCKET: 'evidence',
      DIGEST_KEY_ARN: secret.ARN ?? '',
      CHARTS_PLAIN_HTTP: 'true',
      INSTALLATION: 'fairlead',
      ACCOUNT: LOCAL_ACCOUNT,
      EXTERNAL_IDS: '{}',
      VALUES_PREFIX: '',
      SECRETS_ROLE_ARN: world.roleArn,
      BUILD_MINUTES: '80',
    },
  });
});
afterAll(async () => {
  await builds?.stop();
  await world?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  minReadySeconds: {{ .Values.settles }}
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
/** Fails when the chart says so: it never ends, and has a second to. */
const HOOK = `
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: "post-install,post-upgrade", helm.sh/hook-delete-policy: before-hook-creation } }
spec:
  backoffLimit: 0
  {{- if eq .Values.hook "never-ready" }}
  activeDeadlineSeconds: 1
  {{- end }}
  template:
    metadata: { annotations: { fairlead.dev/pretend: "{{ .Values.hook }}" } }
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: "migrate:1" }] }
`;

let rollouts = 0;

interface Story {
  readonly namespace: string;
  readonly deployment: DeploymentItem;
  build(turn?: number): ReturnType<PretendCodeBuild['start']>;
  /** The function, as it is deployed beside builds. */
  ask(payload: unknown): Promise<unknown>;
  /** What the machine asks it when the build is over. */
  answer(turn?: number): Promise<unknown>;
}

/** A deployment of a chart of its own, with these values of its request: in mid-*Apply*, or still to begin. */
async function aStory(values: Readonly<Record<string, unknown>>, { begins = true } = {}): Promise<Story> {
  // The scene makes the namespace and lets the deployers in; its table in memory is not used.
  const { namespace, deps } = await aScene(world);
  const rolloutId = `${ROLLOUT.slice(0, -2)}${String(++rollouts).padStart(2, '0')}`;
  const name = `web${rollouts}`;
  const chartFolder = join(folder, name);
  await mkdir(join(chartFolder, 'templates'), { recursive: true });
  await writeFile(join(chartFolder, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`);
  await writeFile(join(chartFolder, 'values.yaml'), 'settles: 0\nhook: run\n');
  await writeFile(join(chartFolder, 'templates/deployment.yaml'), DEPLOYMENT);
  await writeFile(join(chartFolder, 'templates/hook.yaml'), HOOK);
  const chart = `oci://${new URL(world.endpoint).host}/charts/${name}`;
  const { digest: chartDigest } = await push(chartFolder, chart);
  const { server, caData } = world.cluster;
  const cluster = { name: 'dev', account: LOCAL_ACCOUNT, region: LOCAL_REGION, endpoint: server, ca: caData };
  const place = { cluster, namespace, release: 'web' };
  const inputs = someInputs({ chart, chartDigest, layers: [] });
  const stands = begins ? { state: 'applying' as const, begun: 1 } : {};
  const deployment = aDeployment({ rolloutId, place, inputs, timeoutMinutes: 2, ...stands });
  const holder = {
    rolloutId,
    environment: 'dev',
    attempt: 1,
    deadline: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const lease = aLease({
    cluster: `${LOCAL_ACCOUNT}/${LOCAL_REGION}/dev`,
    namespace,
    release: 'web',
    ...(begins && { holder }),
  });
  const base = { type: 'request' as const, v: 1 as const };
  const release = aRelease({
    package: `webui-${rolloutId}`,
    state: 'deploying',
    goodRevision: undefined,
    liveRevision: undefined,
  });
  const ours = { ...deployment, package: release.package };
  await table.transact([
    create(keys.deployment(rolloutId, 'dev'), ours),
    create(keys.rollout(rolloutId), aRollout({ id: rolloutId, package: release.package })),
    create(keys.events(rolloutId), someEvents({ last: 0 })),
    create(keys.request(rolloutId), { ...base, rolloutId, version: '1.0.0', stages: [], values }),
    create(keys.release('dev', release.package), release),
    create(leaseKey(place), lease),
  ]);
  const order = { v: 1, rolloutId, environment: 'dev', attempt: 1 };
  const charts = ociCharts({ plainHttp: true, ecr: () => new ECRClient(localClient(world.endpoint)) });
  const deploy = deployRelease({ ...deps, table, charts, leavesPostHooks: true });
  const ask = (payload: unknown) =>
    deploy(payload, { requestId: randomUUID(), hardEnd: new Date(Date.now() + 900_000) });
  let latest: string | undefined;
  return {
    namespace,
    deployment: ours,
    build: (turn = 1) => {
      latest = `fairlead-deployer:${randomUUID()}`;
      return builds.start(latest, { ...order, turn });
    },
    ask,
    answer: (turn = 1) => ask({ ...order, operation: 'answer', turn, ...(latest && { over: latest }) }),
  };
}

const seen = async (path: string) =>
  (await world.admin.call('GET', path)).body as {
    metadata: { creationTimestamp: string };
    status: Record<string, unknown>;
  };
const jobOf = ({ namespace }: Story) => seen(`/apis/batch/v1/namespaces/${namespace}/jobs/migrate`);
const webOf = ({ namespace }: Story) => seen(`/apis/apps/v1/namespaces/${namespace}/deployments/web`);
const leaseOf = ({ deployment }: Story) => table.get(leaseKey(deployment.place));

test('a chart with a post-install hook: helm waits until the release is ready, then runs it, and the answer is in the table', async () => {
  const story = await aStory({ settles: 3 });
  const { code, log } = await story.build().ended;
  expect(log).not.toContain('broke off');
  expect(code).toBe(0);
  expect(await story.answer()).toMatchObject({ outcome: 'applied', revision: 1 });
  const [web, job] = await Promise.all([webOf(story), jobOf(story)]);
  expect(job.status).toMatchObject({ succeeded: 1 });
  const after = Date.parse(job.metadata.creationTimestamp) - Date.parse(web.metadata.creationTimestamp);
  expect(after).toBeGreaterThanOrEqual(3000);
  const { rolloutId, package: pkg } = story.deployment;
  expect(await table.get(keys.deployment(rolloutId, 'dev'))).toMatchObject({ state: 'observing', revision: 1 });
  expect((await leaseOf(story))?.operation).toMatchObject({ kind: 'apply', overAt: expect.any(String) });
  expect((await table.get(keys.release('dev', pkg)))?.lastSeconds).toBeGreaterThanOrEqual(3);
  expect(log).not.toMatch(/AKIA|ASIA|k8s-aws-v1/);
});

test('a hook that fails is told as such, by the object at fault', async () => {
  const story = await aStory({ hook: 'never-ready' });
  const { code, log } = await story.build().ended;
  expect(code, log).toBe(0);
  expect(await story.answer()).toMatchObject({
    outcome: 'failed',
    failure: { code: 'hook-failed', because: expect.stringContaining('migrate') },
  });
});

describe('a build that is killed while helm waits', () => {
  test('is known to be over: the next turn repairs what it left, and succeeds', async () => {
    const story = await aStory({ settles: 8 });
    const first = story.build();
    await vi.waitFor(async () => expect((await webOf(story)).metadata.creationTimestamp).toBeDefined(), {
      timeout: 60_000,
      interval: 100,
    });
    first.kill();
    await first.ended;
    const claimed = (await leaseOf(story))?.operation;
    expect(claimed?.overAt).toBeUndefined();
    expect(Date.parse(claimed?.hardEnd ?? '')).toBeGreaterThan(Date.now());
    expect(await story.answer()).toMatchObject({ outcome: 'unanswered' });
    const { code, log } = await story.build(2).ended;
    expect(code, log).toBe(0);
    expect(log).toContain('repairing what an earlier call left behind');
    expect(await story.answer(2)).toMatchObject({ outcome: 'applied' });
    expect((await jobOf(story)).status).toMatchObject({ succeeded: 1 });
  });
});

test('a build that starts late, for a turn that was given up, touches nothing', async () => {
  const story = await aStory({});
  expect(await story.answer()).toMatchObject({ outcome: 'unanswered' });
  const { code, log } = await story.build().ended;
  expect(code).toBe(0);
  expect(log).toContain('nothing to do');
  expect(await webOf(story)).toMatchObject({ code: 404 });
});

test('a build without its order leaves nothing but words', async () => {
  const { code, log } = await builds.start('fairlead-deployer:x', { v: 2 }).ended;
  expect(code).toBe(1);
  expect(log).toContain('build broke off');
});

/** The shipped machine on these functions, in this process; what it starts as a build is one. */
async function runMachine({ deployment, ask }: Story) {
  const deps = { table, patience: fullJitter(FOR_CONTENTION), now: () => new Date(), log: keptLog() };
  const ways = waysOf(['default'], {}, 'fairlead');
  const begin = beginTry({ ...deps, calendar: CALENDAR, deployers: { default: 'DeployRelease' }, ways });
  const functions: Readonly<Record<string, (payload: unknown) => Promise<unknown>>> = {
    BeginDeployment: begin,
    FinishDeployment: finishTry(deps),
    DeployRelease: ask,
  };
  const started: { code: number | null; log: string }[] = [];
  const { rolloutId } = deployment;
  const runner = aslRunner({
    machines: { deployment: load('deployment') },
    time: realTime,
    integrations: {
      'aws-sdk:ssm:getParameters': async () => ({ Parameters: [], InvalidParameters: [] }),
      'codebuild:startBuild.sync': async (args) => {
        const { ProjectName, EnvironmentVariablesOverride: variables } = Started.parse(args);
        const Id = `${ProjectName}:${randomUUID()}`;
        const ended = await builds.start(Id, JSON.parse(variables[0]?.Value ?? '')).ended;
        started.push(ended);
        if (ended.code !== 0)
          throw Object.assign(new Error(`{"Arn":"arn:aws:codebuild:x:1:build/${Id}"}`), { name: 'States.TaskFailed' });
        return { Build: { Id, BuildStatus: 'SUCCEEDED' } };
      },
    },
    invoke: async (name, payload) => functions[name]?.(payload),
  });
  const input = { v: 1, rolloutId, environment: 'dev', attempt: 1 };
  const { status } = await runner.start('deployment', `${rolloutId}-dev-1`, input).ended;
  return { status, started };
}

const Started = z.object({
  ProjectName: z.string(),
  EnvironmentVariablesOverride: z.array(z.object({ Name: z.literal('FAIRLEAD_ORDER'), Value: z.string() })),
});

describe('the whole way of a chart with post-hooks, on the shipped machine', () => {
  const toldOf = async ({ deployment: { rolloutId } }: Story) => {
    await catchUp(table, { tries: 3, pause: async () => undefined }, rolloutId);
    return (await table.query(ranges.events(rolloutId))).map(({ kind, text }) => `${kind}: ${text}`);
  };
  const now = ({ deployment }: Story) => table.get(keys.deployment(deployment.rolloutId, 'dev'));

  test('the function finds the hook, a build applies, the function observes, and the lease is given back', async () => {
    const story = await aStory({ settles: 1 }, { begins: false });
    const { status, started } = await runMachine(story);
    expect(status).toBe('SUCCEEDED');
    expect(started).toMatchObject([{ code: 0 }]);
    expect(await now(story)).toMatchObject({ state: 'succeeded', revision: 1 });
    expect((await toldOf(story))[1]).toMatch(
      /^deployment-moved: helm runs in a build, because the chart has hooks .*post-install Job\/migrate/,
    );
    expect((await leaseOf(story))?.holder).toBeUndefined();
  });

  test('a hook that fails is rolled back by the function: the first install is taken away again', async () => {
    const story = await aStory({ hook: 'never-ready' }, { begins: false });
    const { status, started } = await runMachine(story);
    expect(status).toBe('SUCCEEDED');
    expect(started).toMatchObject([{ code: 0 }]);
    expect(await now(story)).toMatchObject({ state: 'rolled-back', outcome: { code: 'hook-failed' } });
    expect(await webOf(story)).toMatchObject({ code: 404 });
  });
});
