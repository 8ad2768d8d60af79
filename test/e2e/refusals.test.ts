/** The way of a rollout has four locks: each one closes it, and the others stay open meanwhile. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import { onStack } from '../../bin/destination.ts';
import { Problem } from '../../contracts/api/problem.ts';
import { RolloutList } from '../../contracts/api/rollout.ts';
import { openSession } from '../../local/aws/session.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';
import { sendSigned, type Tampering } from '../support/send-signed.ts';
import { aStranger, withoutAwsAuth, withoutRights, withoutTrust } from '../support/taken-away.ts';

const stack = inject('stack');
const ROLE = 'fairlead-source-webui';
const WEBUI = { repository: 'acme/webui' };
const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { version: {{ .Chart.Version | quote }} }
`;

let world: E2eWorld;
let story: Story;
beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'refusals', { environments: ['open', 'mapped', 'granted'] });
  await Promise.all(['1.0.0', '1.1.0'].map((version) => story.push(version, { 'config.yaml': CONFIG })));
  // The source role's own package, as the examples have it: other stories roll it out too, elsewhere.
  await mustRun(world.operator, 'package', 'put', 'webui', '-f', 'examples/packages/webui.yaml');
  await mustRun(world.operator, 'cluster', 'grant', '--environment', environment('open'), '--namespace', 'web');
  const chart = await world.file('webui/Chart.yaml', { apiVersion: 'v2', name: 'webui', version: '0.9.0' });
  await world.file('webui/templates/config.yaml', CONFIG);
  await mustRun(world.operator, 'package', 'push', 'webui', chart.replace('/Chart.yaml', ''));
});
afterAll(async () => await world?.stop());

const sessionOf = async (job: WorkflowRun, audience?: string) =>
  await assumeSourceRole({
    endpoint: stack.endpoint,
    region: stack.region,
    roleArn: stack.outputs['SourceRoleArnWebui'] ?? '',
    env: await askWorkflowEnv(stack.github, job),
    ...(audience === undefined ? {} : { audience }),
  });
const environment = (short: string) => `${story.name}-${short}`;
const target = (short: string) => ['--target', `story=${story.name},env=${short}`];
const OPEN = () => ['--version', '0.9.0', ...target('open')];
const rolledOut = async () => await (await world.workflow('acme/webui'))(['rollout', 'webui', ...OPEN(), '--json']);
const startedSoFar = async (pkg = 'webui') => {
  const { body } = await clientOf(stack.operatorRoleArn).call({ method: 'GET', path: `/packages/${pkg}/rollouts` });
  return RolloutList.parse(body).rollouts.length;
};
const clientOf = (roleArn: string) =>
  signedClient({
    endpoint: stack.api,
    region: stack.region,
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken } = await openSession(stack.endpoint, roleArn, 'refusals');
      return { accessKeyId, secretAccessKey, sessionToken };
    },
  });

describe("the source role's trust policy", () => {
  test('lets the main branch of the repository in, all the way into the cluster', async () => {
    const { code, out, err } = await rolledOut();
    expect([code, JSON.parse(out).startedBy], err).toEqual([0, expect.objectContaining({ role: ROLE })]);
    expect(await world.helm('list', '-q', '-n', `web-${environment('open')}`)).toContain('webui');
  });

  test.each<[string, WorkflowRun, string?]>([
    ['another repository', { repository: 'acme/worker' }],
    ['a repository whose name begins alike', { repository: 'acme/webui-fork' }],
    ['another owner', { repository: 'evil/webui' }],
    ['another branch', { ...WEBUI, ref: 'refs/heads/topic' }],
    ['a tag called main', { ...WEBUI, ref: 'refs/tags/main' }],
    ['a pull request', { ...WEBUI, event: 'pull_request', ref: 'refs/pull/1/merge' }],
    ['an environment', { ...WEBUI, environment: 'production' }],
    ['another audience', WEBUI, 'https://github.com/acme'],
  ])('keeps out %s', async (_what, job, audience) => {
    await expect(sessionOf(job, audience)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('taken away, keeps everybody out; put back, lets them in again', async () => {
    await withoutTrust(
      stack,
      ROLE,
    )(async () => {
      await expect(sessionOf(WEBUI)).rejects.toMatchObject({ name: 'AccessDenied' });
    });
    await expect(sessionOf(WEBUI)).resolves.toMatchObject({ sessionToken: expect.any(String) });
  });
});

describe("the API's IAM auth", () => {
  const START = { method: 'POST', path: '/packages/webui/rollouts', body: { version: '0.9.0' } };

  // MiniStack takes a body and a service for what their headers say: AWS compares them with the signature.
  test.each<[string, Tampering]>([
    ['is not signed', 'unsigned'],
    ['has a touched signature', 'signature'],
    ['has another path than was signed', 'path'],
    ['was signed an hour ago', 'stale'],
    ['lacks the session token', 'no-token'],
    ['names a key that nobody has', 'unknown-key'],
  ])('keeps out a call that %s', async (_what, tampering) => {
    const before = await startedSoFar();
    const answer = await sendSigned(stack, await sessionOf(WEBUI), START, tampering);
    expect(answer.status).toBe(403);
    // Nothing of ours has answered: only the function's answers say no-store.
    expect(answer.headers.get('cache-control')).toBeNull();
    expect(await startedSoFar()).toBe(before);
  });

  test.each([
    ['a source another package', 'POST', '/packages/worker/rollouts', { version: '1.0.0' }],
    [
      'a source another package behind an encoded slash',
      'POST',
      '/packages/webui%2F..%2Fworker/rollouts',
      { version: '1.0.0' },
    ],
    ['a source the registry of packages', 'PUT', '/packages/webui', { namespace: 'taken' }],
    ['a source the registry of environments', 'PUT', '/environments/refusals', { cluster: { name: 'taken' } }],
    ['a source the list of packages', 'GET', '/packages', undefined],
    ['a source the removal of its package', 'DELETE', '/packages/webui', undefined],
  ])('keeps %s', async (_what, method, path, body) => {
    const session = await sessionOf(WEBUI);
    const answer = await sendSigned(stack, session, { method, path, body });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('cache-control')).toBeNull();
  });

  test.each([
    ['POST', '/packages/webui/rollouts', { version: '0.9.0' }],
    ['POST', '/packages/webui/rollouts/latest/abort', { reason: 'I read only' }],
    ['PUT', '/packages/webui', { namespace: 'taken' }],
    ['DELETE', '/environments/refusals', undefined],
  ] as const)('keeps a reader from %s %s', async (method, path, body) => {
    const reader = clientOf(stack.readerRoleArn);
    expect((await reader.call({ method: 'GET', path: '/packages/webui' })).status).toBe(200);
    expect((await reader.call({ method, path, body })).status).toBe(403);
  });

  test('is not all: a role of the account that is none of ours is refused by the function, whatever its policy says', async () => {
    const role = await aStranger(stack, 'refusals-stranger');
    try {
      const { status, body } = await clientOf(role.arn).call({ method: 'GET', path: '/packages' });
      expect([status, Problem.parse(body).detail]).toEqual([
        403,
        expect.stringContaining('call as a source, operator or reader role'),
      ]);
    } finally {
      await role.remove();
    }
  });

  test("keeps a session out that has the role's trust and none of its rights any more", async () => {
    await withoutRights(
      stack,
      ROLE,
    )(async () => {
      expect((await sendSigned(stack, await sessionOf(WEBUI), START)).status).toBe(403);
      const { code, out, err } = await rolledOut();
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^error: .*(not authorized|may not)/m);
    });
    expect((await rolledOut()).code).toBe(0);
  });

  test('keeps an expired session out, and the command line says so', async () => {
    const { expiration: _, ...expired } = await openSession(stack.endpoint, stack.operatorRoleArn, 'too-late', 1);
    const fairlead = world.as(onStack(stack, 'an old session', async () => expired));
    await expect.poll(async () => (await fairlead(['package', 'list'])).code, { timeout: 10_000 }).toBe(2);
    // Where layers of values stand is the installation's to say, so that they are asked for behind the same door.
    for (const argv of [['package', 'list'], ['rollout', 'webui', ...OPEN()], ['status'], ['values', 'get', 'webui']]) {
      const { code, out, err } = await fairlead(argv);
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(/^error: .*the session has expired.*$/m)]);
    }
  });
});

describe("the deployer's entry in aws-auth", () => {
  test('taken away, ends a rollout that changes nothing; put back, lets it through', async () => {
    expect((await story.roll('1.0.0', ...target('mapped'))).code).toBe(0);
    const before = await story.history(environment('mapped'));
    await withoutAwsAuth(world)(async () => {
      const { code, ended } = await story.roll('1.1.0', ...target('mapped'));
      expect([code, ended]).toMatchObject([1, { state: 'failed', deployments: [{ state: 'blocked' }] }]);
      expect(ended.deployments[0]?.outcome).toMatchObject({
        code: 'forbidden',
        because: expect.stringMatching(/does not know the deployer's role.*aws-auth/),
      });
      expect(await story.history(environment('mapped'))).toEqual(before);
    });
    expect((await story.roll('1.1.0', ...target('mapped'))).code).toBe(0);
    expect(await story.history(environment('mapped'))).toHaveLength(before.length + 1);
  });

  test('is of no use to an environment whose cluster goes by another name: its token is for that one', async () => {
    await register('another', { name: 'another' });
    const { code, ended } = await story.roll('1.0.0', ...target('another'));
    expect([code, ended.deployments[0]]).toMatchObject([1, { state: 'blocked', outcome: { code: 'forbidden' } }]);
    expect(ended.deployments[0]?.outcome?.because).toContain('the cluster goes by the name another');
    expect(ended.deployments[0]?.outcome?.because).not.toContain('cluster grant');
    expect(await story.history(environment('another'))).toEqual([]);
  });
});

describe('the RBAC grant', () => {
  const granted = async (because: string | undefined) => {
    const [, ...argv] = /fairlead (cluster grant --environment (\S+) --namespace (\S+))/.exec(because ?? '') ?? [];
    await mustRun(world.operator, ...(argv[0]?.split(' ') ?? []));
  };

  test('taken away, ends a rollout with the command that gives it back, which does', async () => {
    expect((await story.roll('1.0.0', ...target('granted'))).code).toBe(0);
    const before = await story.history(environment('granted'));
    await world.helm('uninstall', 'fairlead-access', '-n', story.namespace(environment('granted')), '--wait');
    const { code, ended } = await story.roll('1.1.0', ...target('granted'));
    expect([code, ended.deployments[0]]).toMatchObject([1, { state: 'blocked', outcome: { code: 'forbidden' } }]);
    expect(await story.history(environment('granted'))).toEqual(before);
    await granted(ended.deployments[0]?.outcome?.because);
    expect((await story.roll('1.1.0', ...target('granted'))).code).toBe(0);
  });

  test('never given, in a namespace that is not there, ends the same way', async () => {
    await register('new', {});
    const { code, ended } = await story.roll('1.0.0', ...target('new'));
    expect([code, ended.deployments[0]]).toMatchObject([1, { state: 'blocked', outcome: { code: 'forbidden' } }]);
    await expect(world.kubectl('get', 'namespace', story.namespace(environment('new')))).rejects.toThrow('not found');
    await granted(ended.deployments[0]?.outcome?.because);
    expect((await story.roll('1.0.0', ...target('new'))).code).toBe(0);
  });
});

/** An environment of the story in the stack's cluster, without a grant. */
async function register(short: string, cluster: object): Promise<void> {
  const [{ name, server, caData } = { name: '', server: '', caData: '' }] = stack.clusters;
  const body = {
    cluster: { name, endpoint: server, ca: caData, ...cluster },
    labels: { story: story.name, env: short },
    namespaceSuffix: environment(short),
  };
  const file = await world.file(`refusals/${short}.yaml`, body);
  await mustRun(world.operator, 'environment', 'put', environment(short), '-f', file);
}
