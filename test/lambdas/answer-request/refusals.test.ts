import { describe, expect, it } from 'vitest';
import { PROBLEMS, Problem } from '../../../contracts/api/problem.ts';
import { ROUTES } from '../../../contracts/api/routes.ts';
import { ACCOUNT, OPERATOR, READER, registered, SOURCE, testApi, WORKFLOW } from './support.ts';

const ROLLOUTS = '/packages/webui/rollouts';
const role = (name: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${name}/someone`;

describe('who calls', () => {
  it.each([
    ['nobody', null],
    ['an account’s root', `arn:aws:iam::${ACCOUNT}:root`],
    ['a user', `arn:aws:iam::${ACCOUNT}:user/ada`],
    ['a role that begins like ours', role('fairlead-operator-evil')],
    ['a role that ends like ours', role('evil-fairlead-operator')],
    ['our role’s name in another account', role('fairlead-operator', '999999999999')],
    ['a source without a name', role('fairlead-source-')],
    ['the deployer', role('fairlead-deployer')],
    ['another case', role('Fairlead-Operator')],
    ['a session that carries a role', `arn:aws:sts::${ACCOUNT}:assumed-role/evil/fairlead-operator`],
    ['a role with a path made of ours', `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-operator/x/y`],
    ['words before the ARN', ` ${OPERATOR}`],
    ['words after the ARN', `${OPERATOR}\nx`],
  ])('%s is a stranger', async (_who, as) => {
    const answer = await testApi().call('GET', '/packages', { as });
    expect(answer.body).toMatchObject({ status: 403, type: expect.stringMatching(/unauthenticated$/) });
  });

  const roles = { source: SOURCE, workflow: WORKFLOW, operator: OPERATOR, reader: READER } as const;
  const cases = ROUTES.flatMap((route) => Object.entries(roles).map(([is, as]) => ({ route, is, as })));
  it.each(cases)('$is on $route.method $route.path is let in only as the route says', async ({ route, is, as }) => {
    const { call } = await registered();
    const path = route.path
      .replace('{package}', 'webui')
      .replace('{environment}', 'dev')
      .replace('{rollout}', 'latest')
      .replace(/\{(stage|status|freeze|key|plan)\}/, 'some');
    const allowed = route.who.some((who) => who === is);
    const { body } = await call(route.method, path, { as });
    expect(String(body?.type).endsWith('/forbidden')).toBe(!allowed);
  });

  it.each([
    ['a package that is not its own', '/packages/billing/rollouts', SOURCE],
    ['an encoded package that is not its own', '/packages/b%69lling/rollouts', SOURCE],
    ['a package when it is not configured', ROLLOUTS, role('fairlead-source-gone')],
  ])('a source does not reach %s', async (_what, path, as) => {
    const { call } = await registered();
    for (const method of ['GET', 'POST']) {
      expect((await call(method, path, { as, body: { version: '1.0.0' } })).body).toMatchObject({
        status: 403,
        type: expect.stringMatching(/forbidden$/),
      });
    }
  });
});

describe('a path', () => {
  it.each([
    '../webui',
    '..%2fwebui',
    'web%2fui',
    'Webui',
    'web_ui',
    '-webui',
    'webui-',
    'a'.repeat(41),
    '$(id)',
    'web;ls',
    '%',
    '%ff',
    '',
    'web%00ui',
    'wéb',
    '%2e%2e',
  ])('with the package name %j is refused, and the table is not asked', async (name) => {
    const { call, table } = testApi();
    const answer = await call('PUT', `/packages/${name}`, {
      resource: '/packages/{package}',
      body: { namespace: 'x' },
    });
    expect([404, 422]).toContain(answer.status);
    expect(Problem.parse(answer.body).detail).not.toBe('');
    expect(table.all()).toEqual([]);
  });

  it('is decoded once', async () => {
    const { call } = await registered();
    expect((await call('GET', '/packages/web%75i')).body.name).toBe('webui');
    expect((await call('GET', '/packages/web%2575i')).status).toBe(422);
  });

  it.each([
    ['GET', '/packages/webui/', '/packages/{package}'],
    ['GET', '/packages/', '/packages'],
    ['PATCH', '/packages/webui', '/packages/{package}'],
    ['POST', '/packages/webui/rolls', '/packages/{package}/rolls'],
    ['GET', '/packages/webui/rollouts/01JD', '/packages/{package}/rollouts/{rollout}'],
    ['GET', '/packages/webui/rollouts/LATEST', '/packages/{package}/rollouts/{rollout}'],
  ])('%s %s is not found', async (method, path, resource) => {
    expect((await testApi().call(method, path, { resource })).status).toBe(404);
  });
});

describe('a body', () => {
  it.each([
    ['nothing', '', 400],
    ['half a JSON', '{"version":', 400],
    ['YAML', 'version: 1.0.0', 400],
    ['300 KB', JSON.stringify({ version: '1.0.0', values: { a: 'x'.repeat(300_000) } }), 413],
    ['a list', '[]', 422],
    ['null', 'null', 422],
  ])('of %s is refused with its own problem, encoded or not', async (_what, text, status) => {
    const { call } = await registered();
    for (const base64 of [false, true]) {
      const answer = await call('POST', ROLLOUTS, { text, base64 });
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json']);
    }
  });

  it('is measured in bytes after decoding: 200 KB go through, one byte more does not', async () => {
    const { call } = await registered();
    const frame = JSON.stringify({ version: '1.0.0', values: { a: '' } });
    const text = (bytes: number) => frame.replace('""', `"${'é'.repeat((bytes - frame.length) / 2)}"`);
    const fits = text(200 * 1024 - (frame.length % 2));
    expect((await call('POST', ROLLOUTS, { text: fits, base64: true })).status).toBe(202);
    expect((await call('POST', ROLLOUTS, { text: `${fits}  ` })).status).toBe(413);
  });

  it('encoded in base64 is read', async () => {
    const { call } = await registered();
    expect((await call('POST', ROLLOUTS, { body: { version: '1.0.0' }, base64: true })).status).toBe(202);
  });

  it.each<[object, string, RegExp]>([
    [{}, '/version', /missing/],
    [{ version: 2 }, '/version', /2 is wrong: text is expected/],
    [{ version: '1.4' }, '/version', /'1.4' is wrong.*semantic version/],
    [{ version: '1.0.0; rm -rf /' }, '/version', /semantic version/],
    [{ version: '1.0.0', colour: 'red' }, '/colour', /'colour' is not a known field/],
    [{ version: '1.0.0', 'a/b~c': 1 }, '/a~1b~0c', /not a known field/],
    [{ version: '1.0.0', stages: [] }, '/stages', /./],
    [{ version: '1.0.0', stages: [{ name: 'A', targets: [{}] }] }, '/stages/0/name', /'A' is not a name/],
    [
      { version: '1.0.0', stages: [{ name: 'a', targets: [{ ring: '../x' }] }] },
      '/stages/0/targets/0/ring',
      /'..\/x' is not a name/,
    ],
    [{ version: '1.0.0', stages: [{ name: 'a', targets: [{ 'RING!': 'x' }] }] }, '/stages/0/targets/0/RING!', /./],
    [
      { version: '1.0.0', stages: [{ name: 'a', targets: [{}], maxParallel: 41 }] },
      '/stages/0/maxParallel',
      /41 is wrong/,
    ],
    [
      { version: '1.0.0', stages: [{ name: 'a', targets: [{}], failureBudget: '0' }] },
      '/stages/0/failureBudget',
      /'0' is wrong: a (whole )?number/,
    ],
    [{ version: '1.0.0', stages: [1] }, '/stages/0', /1 is wrong: an object/],
    [
      {
        version: '1.0.0',
        stages: [
          { name: 'a', targets: [{}] },
          { name: 'a', targets: [{}] },
        ],
      },
      '/stages',
      /must differ/,
    ],
    [{ version: '1.0.0', stages: [{ name: 'a', targets: [{}] }], targets: [{ target: {} }] }, '/targets', /not both/],
    [{ version: '1.0.0', values: { '': 1 } }, '/values/', /key is empty/],
    [{ version: '1.0.0', values: { big: 1e300 } }, '/values/big', /too large/],
    [{ version: '1.0.0', claimed: { sha: 1 } }, '/claimed/sha', /text is expected/],
  ])('%j is refused at %s', async (body, pointer, detail) => {
    const { call } = await registered();
    const answer = await call('POST', ROLLOUTS, { body });
    expect(answer.body).toMatchObject({ status: 422, type: expect.stringMatching(/invalid$/), errors: [{ pointer }] });
    expect(answer.body.errors[0].detail).toMatch(detail);
    expect(answer.body.detail).toContain(pointer);
  });

  it('with values nested 10,000 deep is refused', async () => {
    const { call } = await registered();
    const text = `{"version":"1.0.0","values":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    expect((await call('POST', ROLLOUTS, { text })).status).toBe(422);
  });

  it('never has its values repeated in a refusal or a log', async () => {
    const { call, logged } = await registered();
    const values = { password: 'hunter2\ud800', deep: { '': 'hunter2' } };
    const answer = await call('POST', ROLLOUTS, { body: { version: '1.0.0', values, bad: 1 } });
    expect(answer.status).toBe(422);
    expect(JSON.stringify([answer.body, logged])).not.toContain('hunter2');
    const broken = await call('POST', ROLLOUTS, { text: '{"password": hunter2}' });
    expect(JSON.stringify([broken.body, logged])).not.toContain('hunter2');
  });

  it.each<[object]>([[{ version: '1.0.0', notify: {} }]])(
    'that uses what is to come (%j) is refused as not supported yet',
    async (body) => {
      const { call } = await registered();
      const answer = await call('POST', ROLLOUTS, { body });
      expect(answer.body).toMatchObject({ status: 422, type: expect.stringMatching(/not-supported-yet$/) });
      expect(answer.body.detail).toMatch(/not supported yet: leave the field out/);
    },
  );

  it.each(['', 'with space', 'x'.repeat(201), 'tab\t'])('with the idempotency key %j is refused', async (key) => {
    const { call } = await registered();
    expect(
      (await call('POST', ROLLOUTS, { body: { version: '1.0.0' }, headers: { 'Idempotency-Key': key } })).status,
    ).toBe(422);
  });
});

describe('trouble of our own', () => {
  it('is 500 with the request’s id, logged, and tells nothing of its inside', async () => {
    const sourceSettings = async () => {
      throw new Error('connect ECONNREFUSED 10.0.0.1');
    };
    const { call, logged } = testApi({ sourceSettings });
    const answer = await call('GET', '/packages/webui', { as: SOURCE });
    expect(answer.body).toMatchObject({ status: 500, instance: 'request-1' });
    expect(JSON.stringify(answer.body)).not.toContain('ECONNREFUSED');
    expect(logged.map(({ message }) => message)).toContain('request not answered');
  });

  it('is 503 when others keep writing', async () => {
    const api = await registered();
    const table = { ...api.table, transact: async () => ({ committed: false, conflicts: [] }) as const };
    const { call } = testApi({ table });
    expect((await call('PUT', '/environments/x', { body: { cluster: { name: 'main' } } })).status).toBe(503);
  });
});

it('every refusal of the tests above is a problem with the status of its type', async () => {
  const { call } = await registered();
  const answer = await call('POST', ROLLOUTS, { body: {} });
  const parsed = Problem.parse(answer.body);
  const type = parsed.type.split('/').at(-1) as keyof typeof PROBLEMS;
  expect(PROBLEMS[type].status).toBe(answer.status);
  expect(parsed.instance).toMatch(/^request-\d+$/);
});
