/** Bad input through the real API and the real command line: said plainly, with the next step, without a stack trace and without a secret. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { signedClient } from '../../adapters/aws/signed-client.ts';
import { Problem } from '../../contracts/api/problem.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import { openSession } from '../../local/aws/session.ts';
import { saidSince } from '../support/e2e-calm.ts';
import { aStory, type Story } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

const stack = inject('stack');
/** Stands in values and layers, and may stand nowhere else. */
const SECRET = 'hunter2-of-bad-input';
const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: web }
data: { colour: {{ .Values.colour | quote }} }
`;

let world: E2eWorld;
let story: Story;
const STACK_TRACE = /(\n|\\n)\s+at .+:\d+:\d+|node:internal/;
const began = Date.now();
/** All that was answered or printed in this file. */
const said: string[] = [];
beforeAll(async () => {
  world = await e2eWorld(stack);
  story = await aStory(world, 'bad-input', { environments: ['one', 'two'] });
  await story.push('1.0.0', { 'config.yaml': CONFIG }, { colour: 'blue' });
});

let session: ReturnType<typeof openSession> | undefined;
async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, headers?: Record<string, string>) {
  session ??= openSession(stack.endpoint, stack.operatorRoleArn, 'bad-input');
  const { expiration: _, ...credentials } = await session;
  const client = signedClient({ endpoint: stack.api, region: stack.region, credentials: async () => credentials });
  const answer = await client.call({ method, path, ...(body !== undefined && { body }), ...(headers && { headers }) });
  said.push(JSON.stringify(answer));
  return answer;
}

/** A call that is refused: as problem details. */
async function refused(...args: Parameters<typeof call>) {
  const { status, headers, body } = await call(...args);
  expect(headers['content-type'], JSON.stringify(body)).toBe('application/problem+json');
  const problem = Problem.parse(body);
  expect(problem.status).toBe(status);
  return { status, problem, type: problem.type.replace('https://fairlead.dev/problems/', '') };
}

async function fairlead(...argv: readonly string[]) {
  const answer = await world.operator(argv);
  said.push(answer.out, answer.err);
  return answer;
}

const rollouts = () => `/packages/${story.name}/rollouts`;
const one = () => [{ name: 'one', targets: [{ story: story.name, env: 'one' }] }];
const target = (short: string) => ['--target', `story=${story.name},env=${short}`];

describe('a start is refused', () => {
  const stage = (more: object) => ({ stages: [{ name: 'one', targets: [{}], ...more }] });
  test.each<[string, object, string, string]>([
    ['for an unknown field', { verison: '1.0.0' }, 'invalid', '/verison'],
    ['for a wrong type', { description: 7 }, 'invalid', '/description'],
    ['for values that are no map', { values: [SECRET] }, 'invalid', '/values'],
    ['for a version that is none', { version: 'latest' }, 'invalid', '/version'],
    ['for a version with shell characters', { version: '1.0.0; reboot' }, 'invalid', '/version'],
    ['for a stage named like a way up', stage({ name: '../etc' }), 'invalid', '/stages/0/name'],
    ['for a stage with shell characters', stage({ name: '$(reboot)' }), 'invalid', '/stages/0/name'],
    ['for a label that is no name', stage({ targets: [{ ring: 'a b' }] }), 'invalid', '/stages/0/targets/0/ring'],
    ['for a parallelism below one', stage({ maxParallel: 0 }), 'invalid', '/stages/0/maxParallel'],
    ['for no stage at all', { stages: [] }, 'invalid', '/stages'],
    ['for a gate that asks for nothing', stage({ gate: { approvals: 0 } }), 'invalid', '/stages/0/gate'],
  ])('%s', async (_what, more, type, pointer) => {
    const body = { version: '1.0.0', values: { password: SECRET }, ...more };
    const answer = await refused('POST', rollouts(), body);
    expect(answer).toMatchObject({ status: 422, type });
    expect(answer.problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test('for a body of 300 KB', async () => {
    const answer = await refused('POST', rollouts(), { version: '1.0.0', values: { a: SECRET.repeat(15_000) } });
    expect(answer).toMatchObject({
      status: 413,
      type: 'too-large',
      problem: { detail: expect.stringContaining('204800') },
    });
  });

  test('for a body that is empty', async () => {
    expect(await refused('POST', rollouts())).toMatchObject({ status: 400, type: 'not-json' });
  });

  test('for an idempotency key that is none', async () => {
    const headers = { 'idempotency-key': 'two words' };
    expect(await refused('POST', rollouts(), { version: '1.0.0' }, headers)).toMatchObject({ status: 422 });
  });

  test('when nothing matches, which is no empty success', async () => {
    const stages = [{ name: 'none', targets: [{ story: story.name, env: 'nowhere' }] }];
    const answer = await refused('POST', rollouts(), { version: '1.0.0', stages });
    expect(answer).toMatchObject({ status: 422, type: 'no-environment-matched' });
    const { code, out, err } = await fairlead(
      'rollout',
      story.name,
      '--version',
      '1.0.0',
      ...target('nowhere'),
      '--json',
    );
    expect([code, out]).toEqual([4, '']);
    expect(err).toMatch(/no environment matches the targets.*nowhere/);
  });

  test('for a package that nobody registered, naming the command that does', async () => {
    const answer = await refused('POST', '/packages/nobody-has-it/rollouts', { version: '1.0.0' });
    expect(answer).toMatchObject({ status: 404, type: 'not-found' });
    expect(answer.problem.detail).toContain('fairlead package put nobody-has-it');
    const { code, out, err } = await fairlead('rollout', 'nobody-has-it', '--version', '1.0.0');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('fairlead package put nobody-has-it');
  });

  test('when its idempotency key was used for another body; the same body is the same rollout', async () => {
    const headers = { 'idempotency-key': `once-${story.name}` };
    const start = (version: string) => call('POST', rollouts(), { version, stages: one() }, headers);
    const [first, again] = [await start('1.0.0'), await start('1.0.0')];
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toMatchObject({ id: idOf(first.body), matched: [`${story.name}-one`] });
    const other = await refused('POST', rollouts(), { version: '1.0.1', stages: one() }, headers);
    expect(other).toMatchObject({ status: 409, type: 'idempotency-key-reused' });
    await story.over(idOf(first.body));
    const flags = ['--idempotency-key', headers['idempotency-key'], '--no-wait'];
    const { code, err } = await fairlead('rollout', story.name, '--version', '1.0.2', ...target('one'), ...flags);
    expect([code, err]).toEqual([6, expect.stringContaining('idempotency key')]);
  });

  const idOf = (body: unknown) => String(Object(body).id);
});

describe('a name is refused', () => {
  test.each(['..%2Fwebui', 'a%20b', 'WebUI', '%24(reboot)', 'a'.repeat(41), 'a%00b', '%E2%80%AE'])(
    'in the path: %s',
    async (name) => {
      for (const path of [`/packages/${name}`, `/environments/${name}`]) {
        const { status } = await call('GET', path);
        expect([403, 404, 422]).toContain(status);
      }
    },
  );

  test.each(['../etc', '$(reboot)', 'a b', 'Web', '-web', 'a'.repeat(41)])('by the command line: %s', async (name) => {
    for (const argv of [
      ['package', 'put', name, '--namespace', 'x'],
      ['rollout', name, '--version', '1.0.0'],
      ['status', name],
    ]) {
      const { code, out } = await fairlead(...argv);
      expect([code, out]).toEqual([6, '']);
    }
  });
});

test('two environments that would share a release are refused, naming both', async () => {
  const [{ name, server, caData } = { name: '', server: '', caData: '' }] = stack.clusters;
  const body = { cluster: { name, endpoint: server, ca: caData }, namespaceSuffix: `${story.name}-one` };
  const answer = await refused('PUT', `/environments/${story.name}-twin`, body);
  expect(answer).toMatchObject({ status: 409, type: 'conflict' });
  expect(answer.problem.detail).toContain(`environment ${story.name}-one`);
  expect(answer.problem.detail).toContain(`environment ${story.name}-twin`);
  expect((await refused('GET', `/environments/${story.name}-twin`)).status).toBe(404);
  const file = await world.file('twin.yaml', body);
  const { code, err } = await fairlead('environment', 'put', `${story.name}-twin`, '-f', file);
  expect([code, err]).toEqual([2, expect.stringContaining('would share the release')]);
});

test('two packages that would share a release are refused too', async () => {
  const body = { namespace: 'e2e', release: story.name };
  expect(await refused('PUT', `/packages/${story.name}-twin`, body)).toMatchObject({ status: 409, type: 'conflict' });
});

describe('a rollout ends', () => {
  test('failed when its chart version does not exist', async () => {
    const { code, out } = await fairlead('rollout', story.name, '--version', '9.9.9', ...target('one'), '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      1,
      { state: 'failed', outcome: { code: 'chart-not-found' }, deployments: [] },
    ]);
    expect(JSON.parse(out).outcome.because).toContain('9.9.9');
  });

  test.each<[string, string, RegExp]>([
    ['is not YAML', `colour: blue\npassword: ${SECRET}: [\n`, /line 2/],
    ['is a list', `- ${SECRET}\n`, /map/],
    ['is a text', `${SECRET}\n`, /map/],
    ['has a key twice', `colour: blue\ncolour: ${SECRET}\n`, /line 2/],
    ['has base64 that is none', `base64:${SECRET}!`, /base64/],
  ])('blocked when a layer of its values %s, naming it and changing nothing', async (_what, value, because) => {
    const before = await story.history(`${story.name}-two`);
    const Name = `${story.name}-service-helm-values.environment.${story.name}-two`;
    await withParameter(Name, value, async (version) => {
      const { code, out } = await fairlead('rollout', story.name, '--version', '1.0.0', ...target('two'), '--json');
      const ended = JSON.parse(out);
      expect([code, ended]).toMatchObject([8, { state: 'failed', deployments: [{ state: 'blocked' }] }]);
      const { outcome } = ended.deployments[0];
      expect(outcome).toMatchObject({ code: 'values-broken', because: expect.stringMatching(because) });
      expect(outcome.because).toContain(Name);
      expect(outcome.because).toContain(`version ${version}`);
      for (const argv of [
        ['status', story.name, ended.id],
        ['events', story.name, ended.id],
      ]) {
        expect((await fairlead(...argv)).out).toContain(Name);
      }
    });
    expect(await story.history(`${story.name}-two`)).toEqual(before);
  });
});

async function withParameter(Name: string, Value: string, tell: (version: number) => Promise<void>): Promise<void> {
  const ssm = new SSMClient(localClient(stack.endpoint));
  try {
    const { Version = 0 } = await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
    await tell(Version);
  } finally {
    await ssm.send(new DeleteParametersCommand({ Names: [Name] }));
    ssm.destroy();
  }
}

afterAll(async () => {
  const { secretAccessKey = '', sessionToken = '' } = (await session) ?? {};
  const files = await Promise.all((await filesBelow(stack.logs)).map((file) => readFile(file, 'utf8')));
  const functions = await saidSince(stack, began);
  expect([said.length > 0, files.length > 0, functions.length > 0]).toEqual([true, true, true]);
  for (const text of [...said, ...files, ...functions]) {
    for (const secret of [SECRET, secretAccessKey, sessionToken]) expect(text).not.toContain(secret);
  }
  for (const text of said) expect(text).not.toMatch(STACK_TRACE);
  await world.stop();
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
