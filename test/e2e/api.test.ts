/** The deployed API through its front door: signed calls, API Gateway, IAM, the function, the table. */
import { describe, expect, inject, test } from 'vitest';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import type { ApiClient } from '../../contracts/api/client.ts';
import { EnvironmentView } from '../../contracts/api/environment.ts';
import { PackageView } from '../../contracts/api/package.ts';
import { Problem } from '../../contracts/api/problem.ts';
import { RolloutAccepted, RolloutView } from '../../contracts/api/rollout.ts';
import { admits } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import { openSession } from '../../local/aws/session.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';

const stack = inject('stack');
const { api: endpoint, region } = stack;

/** One session a role is enough for all tests. */
const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};
const personCredentials = (roleArn: string) =>
  once(async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await openSession(stack.endpoint, roleArn, 'api-test');
    return { accessKeyId, secretAccessKey, sessionToken };
  });
const sourceCredentials = once(async () =>
  assumeSourceRole({
    endpoint: stack.endpoint,
    region,
    roleArn: stack.outputs['SourceRoleArnWebui'] ?? '',
    env: await askWorkflowEnv(stack.github, { repository: 'acme/webui', ref: 'refs/heads/main' }),
  }),
);
const clientOf = (credentials: Parameters<typeof signedClient>[0]['credentials']) =>
  signedClient({ endpoint, region, credentials });
const operator = clientOf(personCredentials(stack.operatorRoleArn));
const reader = clientOf(personCredentials(stack.readerRoleArn));
const source = clientOf(sourceCredentials);

const get = (client: ApiClient, path: string) => client.call({ method: 'GET', path });
const put = (client: ApiClient, path: string, body: unknown) => client.call({ method: 'PUT', path, body });
const forgotten = async (path: string) => (await operator.call({ method: 'DELETE', path })).status;
const post = (client: ApiClient, path: string, body: unknown) => client.call({ method: 'POST', path, body });

describe('the deployed API', () => {
  const operators = ROUTES.filter((route) => admits(route, 'operator'));
  test.each(operators)('answers $method $path', async ({ method, path }) => {
    const filled = path.replace('{rollout}', 'latest').replaceAll(/\{\w+\}/g, 'api-test-none');
    const answer = await operator.call({ method, path: filled });
    // No body and nothing there: whatever it is, it is an answer of ours and not the gateway's.
    expect([200, 204, 400, 404]).toContain(answer.status);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('keeps the registry of packages', async () => {
    const path = '/packages/api-test-registry';
    const made = await put(operator, path, { namespace: 'api-test-registry' });
    expect([made.status, PackageView.parse(made.body).revision]).toEqual([201, 1]);
    expect((await get(reader, path)).body).toEqual(made.body);
    const stale = await operator.call({
      method: 'PUT',
      path,
      headers: { 'if-match': '"9"' },
      body: { namespace: 'api-test-registry', timeoutMinutes: 1 },
    });
    expect(Problem.parse(stale.body).status).toBe(412);
    expect((await operator.call({ method: 'DELETE', path })).status).toBe(204);
    expect((await get(operator, path)).status).toBe(404);
  });

  test('keeps the registry of environments, found by several labels', async () => {
    const path = '/environments/api-test-env';
    const body = { cluster: { name: 'api-test' }, labels: { ring: 'api-test', tier: 'one' } };
    expect((await put(operator, path, body)).status).toBe(201);
    const found = await get(reader, '/environments?label=ring%3Dapi-test&label=tier%3Done');
    expect(found.body).toMatchObject({ environments: [{ name: 'api-test-env', cluster: { account: stack.account } }] });
    expect(await get(reader, '/environments?label=ring%3Dapi-test&label=tier%3Dtwo')).toMatchObject({
      status: 200,
      body: { environments: [] },
    });
    expect(EnvironmentView.parse((await get(operator, path)).body).deployer).toBe('default');
    // A rollout of another test that is not planned yet could still come here.
    await expect.poll(() => forgotten(path), { timeout: 60_000, interval: 200 }).toBe(204);
  });

  test('takes a rollout of a source, once for one key, stops it, and lets its places go when it is over', async () => {
    const isNew = (await get(operator, '/packages/webui')).status === 404;
    if (isNew) await put(operator, '/packages/webui', { namespace: 'api-test-webui' });
    const place = { cluster: { name: 'api-test-nowhere' }, labels: { ring: 'api-test-webui' } };
    await put(operator, '/environments/api-test-webui', place);
    const start = () =>
      source.call({
        method: 'POST',
        path: '/packages/webui/rollouts',
        headers: { 'idempotency-key': 'api-test-1' },
        body: { version: '0.0.1', stages: [{ name: 'one', targets: [{ ring: 'api-test-webui' }] }] },
      });
    const [first, second] = [await start(), await start()];
    const { id, matched } = RolloutAccepted.parse(first.body);
    expect([first.status, matched, RolloutAccepted.parse(second.body).id]).toEqual([202, ['api-test-webui'], id]);
    const path = `/packages/webui/rollouts/${id}`;
    expect((await get(source, path)).body).toMatchObject({ id, startedBy: { role: 'fairlead-source-webui' } });
    expect((await get(source, `${path}/events`)).body).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ number: 1, kind: 'rollout-accepted' })]),
    });
    // The chart does not exist: the rollout may be over before the abort comes.
    expect([202, 409]).toContain((await post(source, `${path}/abort`, { reason: 'only a test' })).status);
    const state = async () => RolloutView.parse((await get(source, path)).body).state;
    await expect.poll(state, { timeout: 60_000, interval: 200 }).toMatch(/^(failed|errored|aborted)$/);
    expect(await forgotten('/environments/api-test-webui')).toBe(204);
    if (isNew) expect(await forgotten('/packages/webui')).toBe(204);
  });
});

describe('the deployed API refuses', () => {
  const bare = (path: string, init: RequestInit = {}) => fetch(`${endpoint}${path}`, init);
  const ours = 'https://fairlead.dev/problems/';

  test('what is not signed, in its own words', async () => {
    const answer = await bare('/packages');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(Problem.parse(await answer.json()).type).toBe(`${ours}unauthenticated`);
  });

  test('a wrong secret', async () => {
    const right = await personCredentials(stack.operatorRoleArn)();
    const wrong = clientOf(async () => ({ ...right, secretAccessKey: 'not-the-secret' }));
    expect((await get(wrong, '/packages')).status).toBe(403);
  });

  test.each([
    ['a source what is not below its package', source, '/packages'],
    ['a source another package', source, '/packages/worker/rollouts'],
    ['a source the registry of environments', source, '/environments/dev'],
  ])('%s, before any code of ours runs', async (_what, client, path) => {
    const answer = await get(client, path);
    expect(answer.status).toBe(403);
    // Every answer of the function has it. The gateway's own words are problem details on AWS only: MiniStack's IAM speaks before them.
    expect(answer.headers['cache-control']).toBeUndefined();
  });

  test('a source to write the registry, a reader to write anything', async () => {
    expect((await put(source, '/packages/webui', { namespace: 'x' })).status).toBe(403);
    expect((await put(reader, '/packages/webui', { namespace: 'x' })).status).toBe(403);
    expect((await post(reader, '/packages/webui/rollouts', { version: '1.0.0' })).status).toBe(403);
  });

  test.each([
    ['an unknown field', { namespace: 'x', nmespace: 'y' }, 422, '/nmespace'],
    ['a wrong type', { namespace: 7 }, 422, '/namespace'],
    ['shell characters', { namespace: '$(reboot)' }, 422, '/namespace'],
    ['a way up', { namespace: '../etc' }, 422, '/namespace'],
  ])('%s', async (_what, body, status, pointer) => {
    const answer = await put(operator, '/packages/api-test', body);
    expect(answer).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });

  test('a body of 300 KB, and one that is not JSON', async () => {
    const large = await put(operator, '/packages/api-test', { namespace: 'x'.repeat(300_000) });
    expect(large).toMatchObject({ status: 413, body: { type: `${ours}too-large` } });
    const text = await put(operator, '/packages/api-test', undefined);
    expect(text).toMatchObject({ status: 400, body: { type: `${ours}not-json` } });
  });

  test.each(['/packages/..%2Fwebui', '/packages/WebUI', '/packages/webui/', '/packages/webui/rollbacks', '/nothing'])(
    'the path %s',
    async (path) => {
      expect([403, 404, 422]).toContain((await get(operator, path)).status);
    },
  );
});
