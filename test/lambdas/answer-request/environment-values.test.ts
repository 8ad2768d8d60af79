import { describe, expect, test } from 'vitest';
import { keys, ranges } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { OPERATOR, READER, registered, SOURCE } from './support.ts';

const CANARY = 'correct-horse-battery-staple';

/** An API that keeps secrets in a map, as Parameter Store would. */
async function keeping() {
  const kept = new Map<string, string[]>();
  const api = await registered({
    keepSecret: async (name, text) => {
      const versions = [...(kept.get(name) ?? []), text];
      kept.set(name, versions);
      return { kept: true, version: versions.length };
    },
  });
  const put = (key: string, body: unknown, more: object = {}) =>
    api.call('PUT', `/environments/prod-eu/values/${key}`, { body, ...more });
  const list = async () => (await api.call('GET', '/environments/prod-eu/values')).body.values;
  return { ...api, kept, put, list };
}

describe('a value of an environment', () => {
  test.each([['text'], [5], [true], [null], [['a', 'b']], [{ a: { b: [1] } }]])('may be %j', async (value) => {
    const { put, list } = await keeping();
    expect(await put('project_id', { value })).toMatchObject({
      status: 201,
      body: {
        environment: 'prod-eu',
        key: 'project_id',
        value,
        secret: false,
        revision: 1,
        updatedBy: expect.any(String),
      },
    });
    expect(await list()).toMatchObject([{ key: 'project_id', value }]);
  });

  test('is changed by revision: 412 when somebody else was first', async () => {
    const { put, list } = await keeping();
    await put('zone', { value: 'a' });
    expect((await put('zone', { value: 'b' }, { headers: { 'If-Match': '"1"' } })).status).toBe(200);
    const late = await put('zone', { value: 'c' }, { headers: { 'If-Match': '1' } });
    expect(late).toMatchObject({
      status: 412,
      body: { detail: 'value zone is not at revision 1, it is 2 now: read it again' },
    });
    expect(await list()).toMatchObject([{ value: 'b', revision: 2 }]);
  });

  test('that is set to what it is stays as it was', async () => {
    const { put, list } = await keeping();
    await put('zone', { value: { a: 1, b: 2 } });
    expect(await put('zone', { value: { b: 2, a: 1 } })).toMatchObject({ status: 200, body: { revision: 1 } });
    expect(await list()).toHaveLength(1);
  });

  test('is taken away, once', async () => {
    const { call, put, list } = await keeping();
    await put('zone', { value: 'a' });
    expect((await call('DELETE', '/environments/prod-eu/values/zone')).status).toBe(204);
    expect(await list()).toEqual([]);
    expect(await call('DELETE', '/environments/prod-eu/values/zone')).toMatchObject({
      status: 404,
      body: { detail: 'environment prod-eu has no value zone' },
    });
  });

  test.each([
    ['name', /is what the environment itself has/],
    ['labels', /is what the environment itself has/],
    ['a b', /a key has 1 to 100 of letters/],
    ['x'.repeat(101), /a key has 1 to 100 of letters/],
    ['__proto__', /is no key/],
  ])('cannot be called %s', async (key, because) => {
    const { put } = await keeping();
    expect(await put(encodeURIComponent(key), { value: 1 })).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(because) },
    });
  });

  test.each([
    [{}, /value is missing/],
    [{ value: 'x'.repeat(16 * 1024) }, /it has 16386 bytes as JSON, more than 16384/],
    [{ value: 1, secrte: true }, /'secrte' is not a known field/],
  ])('is refused as %j', async (body, because) => {
    const { put } = await keeping();
    expect(await put('zone', body)).toMatchObject({ status: 422, body: { detail: expect.stringMatching(because) } });
  });

  test('is one of 200 at most', async () => {
    const { table, put } = await keeping();
    const at = {
      type: 'environmentValue',
      v: 1,
      environment: 'prod-eu',
      value: 1,
      updatedAt: '',
      updatedBy: '',
    } as const;
    for (let n = 0; n < 200; n++) {
      await table.transact([create(keys.environmentValue('prod-eu', `k${n}`), { ...at, key: `k${n}` })]);
    }
    expect(await put('one-more', { value: 1 })).toMatchObject({ status: 409 });
    expect((await put('k7', { value: 2 })).status).toBe(200);
  });

  test('goes with its environment, and does not come back with another of that name', async () => {
    const { call, put, table } = await keeping();
    await put('zone', { value: 'a' });
    await put('token', { value: CANARY, secret: true });
    expect((await call('DELETE', '/environments/prod-eu')).status).toBe(204);
    expect(await table.query(ranges.environmentValues('prod-eu'))).toEqual([]);
  });

  test('keeps its environment while there are too many to go with it', async () => {
    const { call, put } = await keeping();
    for (let n = 0; n < 91; n++) await put(`k${n}`, { value: n });
    expect(await call('DELETE', '/environments/prod-eu')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('has 91 values, too many to go with it') },
    });
  });

  test('does not stay behind when its environment goes in the same moment', async () => {
    const { call, put, table, deps } = await keeping();
    const { transact } = table;
    let first = true;
    deps.table.transact = async (writes) => {
      if (!first) return transact(writes);
      first = false;
      expect((await call('DELETE', '/environments/prod-eu')).status).toBe(204);
      return transact(writes);
    };
    expect((await put('zone', { value: 'a' })).status).toBe(404);
    expect(await table.query(ranges.environmentValues('prod-eu'))).toEqual([]);
  });

  test('of no environment is not there', async () => {
    const { call } = await keeping();
    expect((await call('GET', '/environments/none/values')).status).toBe(404);
    expect((await call('PUT', '/environments/none/values/a', { body: { value: 1 } })).status).toBe(404);
    expect((await call('GET', '/environments/none/values/a/uses')).status).toBe(404);
  });
});

describe('who may', () => {
  test.each([
    [OPERATOR, 201, 200],
    [READER, 403, 200],
    [SOURCE, 403, 403],
  ])('%s', async (as, puts, lists) => {
    const { call, put } = await keeping();
    expect((await put('zone', { value: 'a' }, { as })).status).toBe(puts);
    expect((await call('GET', '/environments/prod-eu/values', { as })).status).toBe(lists);
  });
});

describe('a secret', () => {
  test('goes to Parameter Store, and is nowhere else: not in the answer, the table, the audit or the log', async () => {
    const { kept, put, list, table, logged, call } = await keeping();
    const answer = await put('token', { value: CANARY, secret: true });
    const parameter = 'prod-eu-environment-secret.token';
    expect(answer).toMatchObject({ status: 201, body: { key: 'token', secret: true, parameter, version: 1 } });
    expect(kept.get(parameter)).toEqual([CANARY]);
    const audit = await call('GET', '/audit');
    expect(audit.body.lines.at(-1)).toMatchObject({
      operation: 'putEnvironmentValue',
      value: { key: 'token', secret: true },
    });
    const items = await Promise.all([
      table.query(ranges.environmentValues('prod-eu')),
      table.query(ranges.audit('2026-11-21')),
    ]);
    expect(items[0]).toHaveLength(1);
    expect(JSON.stringify([answer, audit, items, logged, await list()])).not.toContain(CANARY);
  });

  test('set again is a new version, though nobody knows whether it is another text', async () => {
    const { put, list } = await keeping();
    await put('token', { value: CANARY, secret: true });
    expect(await put('token', { value: CANARY, secret: true })).toMatchObject({
      status: 200,
      body: { version: 2, revision: 2 },
    });
    expect(await list()).toMatchObject([{ secret: true, version: 2 }]);
  });

  test('may become a value that anybody sees, and back', async () => {
    const { put, list } = await keeping();
    await put('token', { value: CANARY, secret: true });
    await put('token', { value: 'open' });
    expect(await list()).toMatchObject([{ value: 'open', secret: false }]);
    await put('token', { value: CANARY, secret: true });
    const [item] = await list();
    expect(item).not.toHaveProperty('value');
  });

  test('is not written when it would be refused: another revision', async () => {
    const { kept, put } = await keeping();
    expect((await put('token', { value: CANARY, secret: true }, { headers: { 'If-Match': '3' } })).status).toBe(412);
    expect(kept.size).toBe(0);
  });

  test.each([
    { value: 31337, secret: true },
    { value: '', secret: true },
    { value: { deep: CANARY }, secret: true },
    { value: CANARY.repeat(200), secret: true },
    { value: 'open', secret: CANARY },
    { value: [CANARY], secret: CANARY },
    { [CANARY.slice(0, 5)]: 1, value: CANARY, secret: true },
  ])('that is refused is not repeated (%#)', async (body) => {
    const { put, logged } = await keeping();
    const answer = await put('token', body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify([answer, logged])).not.toMatch(/31337|correct-horse/);
  });

  test('that Parameter Store does not take changes nothing', async () => {
    const api = await registered({
      keepSecret: async () => ({ kept: false, because: 'Parameter Store does not take it' }),
    });
    const answer = await api.call('PUT', '/environments/dev/values/token', { body: { value: CANARY, secret: true } });
    expect(answer).toMatchObject({ status: 503, body: { detail: 'Parameter Store does not take it' } });
    expect((await api.call('GET', '/environments/dev/values')).body.values).toEqual([]);
  });
});

describe('who uses a value', () => {
  test('is told from what planned charts read, where they are deployed', async () => {
    const { call, table } = await keeping();
    const release = { type: 'release', v: 1, highestSequence: 1, state: 'deployed', because: '', at: '' } as const;
    await table.transact([
      create(keys.release('prod-eu', 'webui'), {
        ...release,
        package: 'webui',
        environment: 'prod-eu',
        version: '1.0.0',
      }),
      create(keys.release('prod-eu', 'worker'), {
        ...release,
        package: 'worker',
        environment: 'prod-eu',
        version: '2.0.0',
      }),
      create(keys.chartReads('webui', '1.0.0'), {
        ...{ type: 'chartReads', v: 1, package: 'webui', version: '1.0.0', chartDigest: 'd', expiresAt: 1 },
        reads: [{ key: 'ingress.host', paths: [['Env', 'zone']] }],
      }),
    ]);
    expect((await call('GET', '/environments/prod-eu/values/zone/uses')).body).toEqual({
      environment: 'prod-eu',
      key: 'zone',
      uses: [
        { package: 'webui', version: '1.0.0', computed: ['ingress.host'], environments: ['prod-eu'], certain: true },
      ],
      unknown: ['worker'],
    });
  });
});
