/** A stack with a second deployer and with clusters of another account, let in by the real authenticator. A stack of its own, for its `fairlead.yaml` is another. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { Config } from '../../contracts/config.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { keys } from '../../domain/keys.ts';
import { replace } from '../../domain/table.ts';
import { clusterAccountApp } from '../../lib/cluster-account-app.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { progressOn } from '../../local/progress.ts';
import { type KeptStack, keepStack } from '../../local/stack/keep-stack.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const ROOT = join(import.meta.dirname, '../..');
const OTHER = '222222222222';
const ACCOUNTS = [
  { account: OTHER, externalId: 'f3a9c1d2-7b1e', clusters: [{ name: 'local-1', region: 'us-east-1' }] },
];

let folder: string;
let kept: Extract<KeptStack, { kept: true }>;
let world: E2eWorld;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-deployers-'));
  const written = {
    ...parse(await readFile(join(ROOT, 'examples/fairlead.yaml'), 'utf8')),
    deployers: { default: {}, second: { memoryMb: 2048 } },
    clusterAccounts: ACCOUNTS,
  };
  const config = join(folder, 'fairlead.yaml');
  await writeFile(config, stringify(written));
  const env = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  // Waits of the machines last a fiftieth, as on the stack of the other stories.
  const functionsEnv = { SFN_WAIT_SCALE: '0.02' };
  const places = { folder: join(folder, 'state'), root: ROOT, cache: cacheFolder(process.env), config };
  const options = { ...places, env, functionsEnv };
  const started = await keepStack(options, progressOn(process.stderr));
  if (!started.kept) throw new Error(started.because);
  kept = started;
  world = await e2eWorld(kept.stack);
  await makeRoleThere(Config.parse(written));
});
afterAll(async () => {
  await world?.stop();
  await kept?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The other account's role, with the very trust that the app for such accounts gives it. */
async function makeRoleThere(config: Config): Promise<void> {
  const app = clusterAccountApp(() => config, { outdir: join(folder, 'accounts') });
  const stack = app.node.findChild(`fairlead-cluster-access-${OTHER}-us-east-1`);
  if (!(stack instanceof Stack)) throw new Error('the app has no stack for that account');
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const { RoleName, AssumeRolePolicyDocument } = role?.['Properties'] ?? {};
  const iam = new IAMClient(localClient(kept.stack.endpoint, { accessKeyId: OTHER, secretAccessKey: 'x' }));
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument) }),
  );
}

/** Who did it, nothing in the cluster tells: deployers have different roles and the same name there. Their own lines do. */
async function logsOf(deployer: 'default' | 'second'): Promise<string> {
  const part = deployer === 'default' ? 'DeployerDeployRelease' : 'DeployersecondDeployRelease';
  const logs = join(kept.stack.logs, 'functions');
  const files = (await readdir(logs)).filter((name) => name.includes(part));
  return (await Promise.all(files.map((name) => readFile(join(logs, name), 'utf8')))).join('\n');
}

test('each environment is rolled out by the deployer that it asks for', async () => {
  const story = await aStory(world, 'deployers', { environments: ['one', 'two'], deployers: { two: 'second' } });
  const [one = '', two = ''] = story.environments;
  await story.push('1.0.0', CONFIG);
  const { code, ended } = await story.roll('1.0.0');
  expect([code, ended.state]).toEqual([EXIT.success, 'succeeded']);
  expect(await story.history(two)).toMatchObject([{ revision: 1, status: 'deployed' }]);
  await expect.poll(() => logsOf('default'), { timeout: 10_000 }).toContain(`"environment":"${one}"`);
  await expect.poll(() => logsOf('second'), { timeout: 10_000 }).toContain(`"environment":"${two}"`);
  expect(await logsOf('default')).not.toContain(`"environment":"${two}"`);
});

test('an environment cannot ask for a deployer that there is none of', async () => {
  const body = { cluster: { name: 'local-1' }, deployer: 'third' };
  const { code, err } = await world.operator([
    'environment',
    'put',
    'nowhere',
    '-f',
    await world.file('nowhere.yaml', body),
  ]);
  expect([code, err]).toEqual([
    EXIT['wrong invocation'],
    expect.stringContaining("'third' is no deployer of this installation: it has default, second"),
  ]);
});

test('a deployer that was taken away meanwhile ends the deployment blocked, in words, and touches nothing', async () => {
  const story = await aStory(world, 'taken', { environments: ['one'], deployers: { one: 'second' } });
  const [one = ''] = story.environments;
  await story.push('1.0.0', CONFIG);
  // As if `second` had been called `third` when the environment was registered, and was renamed since.
  const item = await world.table.get(keys.environment(one));
  if (item === undefined) throw new Error('the environment is not registered');
  await world.table.transact([replace(keys.environment(one), item, { deployer: 'third' })]);
  const { code, ended } = await story.roll('1.0.0');
  expect([code, ended.state]).toEqual([EXIT.failure, 'failed']);
  expect(ended.deployments).toMatchObject([{ state: 'blocked', outcome: { code: 'no-deployer' } }]);
  expect(ended.deployments[0]?.outcome?.because).toContain("asks for deployer 'third'");
  expect(await story.history(one)).toEqual([]);
});

test('a cluster of another account is reached as the role there, once the cluster lets that role in', async () => {
  const story = await aStory(world, 'abroad', { environments: ['one'], clusters: { one: { account: OTHER } } });
  const [one = ''] = story.environments;
  await story.push('1.0.0', CONFIG);
  await mustRun(world.operator, 'cluster', 'grant', '--environment', one, '--namespace', 'e2e');

  const stranger = await story.roll('1.0.0');
  expect([stranger.code, stranger.ended.deployments[0]?.state]).toEqual([EXIT.failure, 'blocked']);
  await letIn(`arn:aws:iam::${OTHER}:role/fairlead-cluster-access`);

  const { code, ended } = await story.roll('1.0.0');
  expect([code, ended.state, ended.outcome]).toEqual([EXIT.success, 'succeeded', expect.anything()]);
  expect(await story.history(one)).toMatchObject([{ status: 'deployed' }]);
});

test('a cluster of an account that nobody listed, without its address, blocks at once and says what to do', async () => {
  const nowhere = { account: '333333333333', endpoint: undefined, ca: undefined };
  const story = await aStory(world, 'unlisted', { environments: ['one'], clusters: { one: nowhere } });
  await story.push('1.0.0', CONFIG);
  const { code, ended } = await story.roll('1.0.0');
  expect([code, ended.deployments[0]?.state]).toEqual([EXIT.failure, 'blocked']);
  expect(ended.deployments[0]?.outcome).toMatchObject({
    code: 'unreachable',
    because: expect.stringContaining('add account 333333333333 to clusterAccounts of fairlead.yaml'),
  });
});

/** As an administrator would, by hand. */
async function letIn(rolearn: string): Promise<void> {
  const read = await world.kubectl(
    'get',
    'configmap',
    'aws-auth',
    '-n',
    'kube-system',
    '-o',
    'jsonpath={.data.mapRoles}',
  );
  const entry = { rolearn, username: 'fairlead:{{SessionName}}', groups: ['fairlead:deployers'] };
  const mapRoles = stringify([...parse(read), entry]);
  const patch = JSON.stringify({ data: { mapRoles } });
  await world.kubectl('patch', 'configmap', 'aws-auth', '-n', 'kube-system', '--type=merge', '-p', patch);
}
