import { describe, expect, test } from 'vitest';
import type { AuditLine } from '../../../contracts/api/audit.ts';
import { keys } from '../../../domain/keys.ts';
import { unchanged } from '../../../domain/table.ts';
import { ACCOUNT, OPERATOR, READER, registered, SOURCE, type TestApi } from './support.ts';

const BREAK_GLASS = `arn:aws:sts::${ACCOUNT}:assumed-role/fairlead-break-glass/eve`;
const PACKAGE = { namespace: 'shop', repositories: ['acme/shop'] };

async function lines(api: TestApi, query: Record<string, string[]> = {}): Promise<AuditLine[]> {
  const { status, body } = await api.call('GET', '/audit', {
    as: READER,
    query: { until: ['2099-01-01T00:00:00Z'], since: ['2098-12-31T00:00:00Z'], ...query },
  });
  expect(status).toBe(200);
  return body.lines;
}
/** What was changed since the API was made. */
async function audit(api: TestApi): Promise<AuditLine[]> {
  const now = api.deps.now().getTime();
  const [since, until] = [now - 3_600_000, now + 3_600_000].map((at) => [new Date(at).toISOString()]);
  return lines(api, { since: since ?? [], until: until ?? [] });
}

describe('every call that changes something leaves one line', () => {
  test('with who, from where, what and which request', async () => {
    const api = await registered();
    const before = (await audit(api)).length;
    const { body } = await api.call('POST', '/packages/webui/rollouts', { as: SOURCE, body: { version: '1.0.0' } });
    const found = (await audit(api)).slice(before);
    expect(found).toEqual([
      {
        at: api.deps.now().toISOString(),
        operation: 'startRollout',
        package: 'webui',
        rollout: body.id,
        by: { role: 'fairlead-source-shop', session: 'gh-1', account: ACCOUNT },
        sourceIp: '198.51.100.7',
        requestId: expect.stringMatching(/^request-\d+$/),
      },
    ]);
  });

  test.each([
    ['registering', 'PUT', '/packages/extra', { body: PACKAGE }, 'putPackage'],
    ['changing', 'PUT', '/packages/webui', { body: { ...PACKAGE, timeoutMinutes: 9 } }, 'putPackage'],
    ['forgetting', 'DELETE', '/packages/worker', {}, 'deletePackage'],
  ] as const)('%s a package', async (_what, method, path, options, operation) => {
    const api = await registered();
    const before = (await audit(api)).length;
    expect((await api.call(method, path, { as: OPERATOR, ...options })).status).toBeLessThan(300);
    expect((await audit(api)).slice(before).map((line) => line.operation)).toEqual([operation]);
  });

  test('aborting, which names the rollout though the caller said latest', async () => {
    const api = await registered();
    const { body } = await api.call('POST', '/packages/webui/rollouts', { as: SOURCE, body: { version: '1.0.0' } });
    await api.call('POST', '/packages/webui/rollouts/latest/abort', { as: SOURCE, body: { reason: 'wrong' } });
    expect((await audit(api)).at(-1)).toMatchObject({ operation: 'abortRollout', rollout: body.id });
  });
});

describe('what changes nothing leaves no line', () => {
  test.each([
    ['reading', 'GET', '/packages/webui', {}],
    ['being refused', 'PUT', '/packages/webui', { as: SOURCE, body: PACKAGE }],
    ['a wrong body', 'PUT', '/packages/webui', { body: { nonsense: true } }],
    [
      'a rollout that matches nothing',
      'POST',
      '/packages/webui/rollouts',
      { body: { version: '1.0.0', targets: [{ target: { ring: 'none' } }] } },
    ],
  ] as const)('%s', async (_what, method, path, options) => {
    const api = await registered();
    const before = (await audit(api)).length;
    await api.call(method, path, options);
    expect(await audit(api)).toHaveLength(before);
  });

  test('a rollout asked for again with its key', async () => {
    const api = await registered();
    const start = () =>
      api.call('POST', '/packages/webui/rollouts', { body: { version: '1.0.0' }, headers: { 'Idempotency-Key': 'k' } });
    await start();
    const before = (await audit(api)).length;
    await start();
    expect(await audit(api)).toHaveLength(before);
  });
});

test('a change whose line cannot be written is not made', async () => {
  const api = await registered();
  const { table } = api;
  const key = keys.package('webui');
  const seen = await table.get(key);
  const refusing = {
    ...table,
    transact: async (writes: readonly unknown[]) =>
      writes.some((w) => JSON.stringify(w).includes('"audit"'))
        ? { committed: false as const, conflicts: [] }
        : table.transact([]),
  };
  Object.assign(api.deps, { table: refusing });
  const { status } = await api.call('PUT', '/packages/webui', { body: { ...PACKAGE, timeoutMinutes: 9 } });
  expect(status).toBe(503);
  expect((await table.transact([unchanged(key, seen)])).committed).toBe(true);
});

describe('asking for lines', () => {
  test.each([
    [
      'of a time that ends before it begins',
      { since: ['2026-11-21T10:00:00Z'], until: ['2026-11-21T09:00:00Z'] },
      /has to be before until/,
    ],
    ['of years', { since: ['2020-01-01T00:00:00Z'] }, /more than 100 days apart/],
    ['since a word', { since: ['yesterday'] }, /a time in UTC/],
    ['after a cursor of somebody else', { after: ['x'] }, /a cursor is/],
  ])('%s is refused', async (_what, query, words) => {
    const api = await registered();
    const { status, body } = await api.call('GET', '/audit', { query });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(words);
  });

  test('is for operators and readers, not for sources', async () => {
    const api = await registered();
    expect((await api.call('GET', '/audit', { as: SOURCE })).status).toBe(403);
  });
});

describe('the emergency role', () => {
  const abort = { as: BREAK_GLASS, body: { reason: 'stop' } };

  test('changes nothing without saying why', async () => {
    const api = await registered();
    const { status, body } = await api.call('PUT', '/packages/extra', { as: BREAK_GLASS, body: PACKAGE });
    expect(status).toBe(422);
    expect(body.detail).toContain("--break-glass 'why'");
  });

  test('reads without a word', async () => {
    const api = await registered();
    expect((await api.call('GET', '/packages/webui', { as: BREAK_GLASS })).status).toBe(200);
  });

  test('is marked, with its reason, in the audit and on what it started', async () => {
    const api = await registered();
    const headers = { 'Fairlead-Break-Glass': encodeURIComponent('Störung 42: prod steht') };
    const { body } = await api.call('POST', '/packages/webui/rollouts', {
      as: BREAK_GLASS,
      headers,
      body: { version: '1.0.0' },
    });
    expect((await audit(api)).at(-1)?.by.breakGlass).toBe('Störung 42: prod steht');
    const shown = await api.call('GET', `/packages/webui/rollouts/${body.id}`);
    expect(shown.body.startedBy).toMatchObject({ role: 'fairlead-break-glass', breakGlass: 'Störung 42: prod steht' });
  });

  test('is marked, with its reason, in the history of what it stopped', async () => {
    const api = await registered();
    const { body } = await api.call('POST', '/packages/webui/rollouts', { body: { version: '1.0.0' } });
    const headers = { 'Fairlead-Break-Glass': encodeURIComponent('Störung 42') };
    await api.call('POST', '/packages/webui/rollouts/latest/abort', { ...abort, headers });
    const { events } = (await api.call('GET', `/packages/webui/rollouts/${body.id}/events`)).body;
    expect(events.at(-1)).toMatchObject({ kind: 'abort-requested', text: expect.stringContaining('Störung 42') });
  });

  test.each([['%zz'], ['%20'], ['x'.repeat(1001)]])("refuses the reason '%s'", async (reason) => {
    const api = await registered();
    const headers = { 'Fairlead-Break-Glass': reason };
    expect((await api.call('POST', '/packages/webui/rollouts/latest/abort', { ...abort, headers })).status).toBe(422);
  });

  test('is the only one that may call it an emergency', async () => {
    const api = await registered();
    const headers = { 'Fairlead-Break-Glass': 'because' };
    const { status, body } = await api.call('PUT', '/packages/extra', { as: OPERATOR, body: PACKAGE, headers });
    expect(status).toBe(422);
    expect(body.detail).toContain('leave it out');
  });
});
