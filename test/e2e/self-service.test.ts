/** Self-service on a real stack: sessions of the shared role by AWS's trust, tokens of the pretend GitHub, and the handler that reads them. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import type { ApiAnswer } from '../../contracts/api/client.ts';
import { TOKEN_AUDIENCE, TOKEN_HEADER } from '../../contracts/api/github-token.ts';
import { RolloutView } from '../../contracts/api/rollout.ts';
import { keys } from '../../domain/keys.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
const LISTED: WorkflowRun = { repository: 'acme/served' };
const ENVIRONMENT = 'self-service';
const TARGETS = [{ story: 'self-service' }];

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(stack);
  const [cluster] = stack.clusters;
  const environment = await world.file('environment.yaml', {
    cluster: { name: cluster?.name, endpoint: cluster?.server, ca: cluster?.caData },
    labels: { story: 'self-service' },
    namespaceSuffix: ENVIRONMENT,
  });
  await mustRun(world.operator, 'environment', 'put', ENVIRONMENT, '-f', environment);
  await mustRun(world.operator, 'package', 'put', 'served', '--namespace', 'served', '--repository', 'acme/served');
});
afterAll(async () => await world?.stop());

/** A token that the job is given for us, as the Action asks for it. */
async function tokenOf(job: WorkflowRun, audience: string = TOKEN_AUDIENCE): Promise<string> {
  const env = await askWorkflowEnv(stack.github, job);
  const answer = await fetch(`${env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${audience}`, {
    headers: { authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
  });
  return z.object({ value: z.string() }).parse(await answer.json()).value;
}

const sessionOf = async (job: WorkflowRun) =>
  await assumeSourceRole({
    endpoint: stack.endpoint,
    region: stack.region,
    roleArn: stack.outputs['WorkflowsRoleArn'] ?? '',
    env: await askWorkflowEnv(stack.github, job),
  });

/** Calls as a job of `session`'s repository with whatever token. */
async function as(session: WorkflowRun) {
  const credentials = await sessionOf(session);
  const client = signedClient({ endpoint: stack.api, region: stack.region, credentials: async () => credentials });
  return async (method: 'GET' | 'PUT' | 'POST', path: string, token?: string, body?: unknown): Promise<ApiAnswer> =>
    await client.call({ method, path, body, headers: token === undefined ? {} : { [TOKEN_HEADER]: token } });
}

const start = (version: string) => ({ version, stages: [{ name: 'all', targets: TARGETS }] });
const problem = (answer: ApiAnswer) => z.object({ type: z.string(), detail: z.string() }).parse(answer.body);

describe('a rollout by the role that all repositories share', () => {
  test('starts for a package that lists the repository, and remembers what the token proved', async () => {
    const call = await as(LISTED);
    const started = await call('POST', '/packages/served/rollouts', await tokenOf(LISTED), start('1.0.0'));
    expect(started.status).toBe(202);
    const { id } = z.object({ id: z.string() }).parse(started.body);
    const seen = await call('GET', `/packages/served/rollouts/${id}`, await tokenOf(LISTED));
    expect(RolloutView.parse(seen.body).startedBy).toMatchObject({
      role: 'fairlead-workflows',
      claims: { repository: 'acme/served', owner: 'acme', ref: 'refs/heads/main', event: 'push' },
    });
    const lines = await world.json('audit', '--since', '1h', '--package', 'served');
    expect(lines).toContainEqual(
      expect.objectContaining({
        operation: 'startRollout',
        rollout: id,
        by: expect.objectContaining({ claims: expect.objectContaining({ repository: 'acme/served' }) }),
      }),
    );
  });

  test.each<[string, WorkflowRun, (() => Promise<string>) | undefined, string, RegExp]>([
    [
      'of a repository that is not listed',
      { repository: 'acme/other' },
      undefined,
      'forbidden',
      /acme\/other is not among/,
    ],
    ['with a token for AWS', LISTED, () => tokenOf(LISTED, 'sts.amazonaws.com'), 'token-refused', /its audience is/],
    [
      'with a token that somebody changed',
      LISTED,
      async () => (await tokenOf(LISTED)).replace(/\.[^.]+$/, `.${'A'.repeat(342)}`),
      'token-refused',
      /its signature is wrong/,
    ],
    ['of another organisation', { repository: 'evil/served' }, undefined, 'forbidden', /self-service is for/],
    [
      'with the token of a pull request, whose job has no session itself',
      { ...LISTED, event: 'pull_request', ref: 'refs/pull/7/merge' },
      undefined,
      'forbidden',
      /not for refs\/pull\/7\/merge/,
    ],
  ])('is refused %s', async (_whom, job, token, type, detail) => {
    const call = await as(LISTED);
    const answer = await call('POST', '/packages/served/rollouts', await (token?.() ?? tokenOf(job)), start('1.0.1'));
    expect(answer.status).toBe(403);
    expect(problem(answer).type).toMatch(new RegExp(`/${type}$`));
    expect(problem(answer).detail).toMatch(detail);
  });

  test('is refused without a token', async () => {
    const answer = await (await as(LISTED))('POST', '/packages/served/rollouts', undefined, start('1.0.2'));
    expect(problem(answer).detail).toContain("'self-service: true'");
  });

  test('gets no session for jobs of another organisation or of pull requests', async () => {
    await expect(sessionOf({ repository: 'evil/served' })).rejects.toThrow(/not authorized|AccessDenied/i);
    const pulled = { ...LISTED, event: 'pull_request', ref: 'refs/pull/7/merge' } as const;
    await expect(sessionOf(pulled)).rejects.toThrow(/not authorized|AccessDenied/i);
  });

  test('cannot reach the registry: API Gateway refuses before any code of ours runs', async () => {
    const answer = await (await as(LISTED))('PUT', '/packages/served', await tokenOf(LISTED), { namespace: 'mine' });
    expect(answer.status).toBe(403);
    expect(await world.table.get(keys.package('served'))).toMatchObject({ namespace: 'served' });
  });
});

describe('a token', () => {
  test('starts one rollout: the same call again is a repeat, another one is refused', async () => {
    const call = await as(LISTED);
    const token = await tokenOf(LISTED);
    const first = await call('POST', '/packages/served/rollouts', token, start('1.1.0'));
    expect(first.status).toBe(202);
    const again = await call('POST', '/packages/served/rollouts', token, start('1.1.0'));
    expect(again.body).toMatchObject({ id: z.object({ id: z.string() }).parse(first.body).id });
    const other = await call('POST', '/packages/served/rollouts', token, start('1.2.0'));
    expect(other.status).toBe(409);
    expect(problem(other).type).toMatch(/token-reused$/);
  });

  test('that two different calls bring at once serves one of them', async () => {
    const call = await as(LISTED);
    const token = await tokenOf(LISTED);
    const before = (await world.table.get(keys.counter('served')))?.last ?? 0;
    const versions = ['1.3.0', '1.3.1', '1.3.2', '1.3.3'];
    const answers = await Promise.all(
      versions.map((version) => call('POST', '/packages/served/rollouts', token, start(version))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
    expect((await world.table.get(keys.counter('served')))?.last).toBe(before + 1);
  });
});

describe('a claim', () => {
  const CLAIMANT: WorkflowRun = { repository: 'acme/claimed' };
  const FILE = { namespace: 'claimed' };

  test('from a protected branch makes the package the repository’s own, until an operator takes it over', async () => {
    const call = await as(CLAIMANT);
    const claim = async () => await call('PUT', '/packages/claimed/claim', await tokenOf(CLAIMANT), FILE);
    expect(await claim()).toMatchObject({
      status: 201,
      body: { repositories: ['acme/claimed'], claimedBy: { repository: 'acme/claimed', ref: 'refs/heads/main' } },
    });
    expect(await claim()).toMatchObject({ status: 200, body: { revision: 1 } });
    const started = await call('POST', '/packages/claimed/rollouts', await tokenOf(CLAIMANT), start('1.0.0'));
    expect(started.status).toBe(202);
    expect(await world.table.get(keys.package('claimed'))).toMatchObject({ claimedBy: { repository: 'acme/claimed' } });
    await mustRun(world.operator, 'package', 'put', 'claimed', '--namespace', 'claimed');
    const after = await claim();
    expect(after.status).toBe(409);
    expect(problem(after).detail).toContain('is kept by operators');
  });

  test.each<[string, string, WorkflowRun, RegExp]>([
    [
      'a pull request',
      'claimed-x',
      { ...CLAIMANT, event: 'pull_request', ref: 'refs/pull/7/merge' },
      /not for refs\/pull\/7\/merge/,
    ],
    [
      'an unprotected branch',
      'claimed-x',
      { ...CLAIMANT, ref: 'refs/heads/try', refProtected: false },
      /is not protected/,
    ],
    ['a repository with a foreign name', 'served', CLAIMANT, /kept by operators/],
    ['a repository with a name that nobody has', 'unclaimed', CLAIMANT, /may not claim the package unclaimed/],
  ])('from %s is refused', async (_whom, pkg, job, detail) => {
    const answer = await (await as(CLAIMANT))('PUT', `/packages/${pkg}/claim`, await tokenOf(job), FILE);
    expect([403, 409]).toContain(answer.status);
    expect(problem(answer).detail).toMatch(detail);
    expect(await world.table.get(keys.package('claimed-x'))).toBeUndefined();
  });
});
