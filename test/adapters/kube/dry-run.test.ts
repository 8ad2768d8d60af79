import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dryRuns } from '../../../adapters/kube/dry-run.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

/** An API server that keeps what it is asked: real TLS, real HTTP. */
const authority = newAuthority('test', new Date());
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly as: unknown;
  readonly body: string;
}
let asked: Asked[] = [];
let answer: { status: number; body: string };
let server: Server;
const group = { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }] };

beforeAll(async () => {
  server = createServer(authority.issue({ name: 'server', hosts: ['127.0.0.1'] }), async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, type: headers['content-type'], as: headers['impersonate-user'], body });
    if (path === '/apis/acme.io/v1') return void response.end(JSON.stringify(group));
    if (method === 'GET') return void response.writeHead(404).end('{}');
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  asked = [];
});

const content = { apiVersion: 'acme.io/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1 } };
const widget = { apiVersion: 'acme.io/v1', kind: 'Widget', name: 'a/b', namespace: 'web', content };
async function tried(force: boolean, object = widget) {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { apply, close } = dryRuns({
    server: url,
    ca: authority.ca,
    token: async () => 't',
    actAs: 'system:serviceaccount:web:team',
  });
  try {
    return await apply(object, { force });
  } finally {
    close();
  }
}

test.each([false, true])(
  'an object is applied as helm does it, as whom helm acts, and only for show (force %s)',
  async (force) => {
    answer = { status: 200, body: JSON.stringify({ ...content, spec: { size: 2 } }) };
    expect(await tried(force)).toMatchObject({ ok: true, would: { spec: { size: 2 } } });
    expect(asked.at(-1)).toEqual({
      method: 'PATCH',
      path: `/apis/acme.io/v1/namespaces/web/widgets/a%2Fb?dryRun=All&fieldManager=helm&force=${force}`,
      type: 'application/apply-patch+yaml',
      as: 'system:serviceaccount:web:team',
      body: JSON.stringify(content),
    });
  },
);

test('nothing is ever sent without saying that it is for show', async () => {
  answer = { status: 201, body: JSON.stringify(content) };
  await tried(true);
  const writes = asked.filter(({ method }) => method !== 'GET');
  expect(writes).toHaveLength(1);
  expect(new URL(`https://x${writes[0]?.path}`).searchParams.get('dryRun')).toBe('All');
});

test('a kind that the cluster does not know is not even sent', async () => {
  expect(await tried(false, { ...widget, apiVersion: 'other.io/v1' })).toMatchObject({
    ok: false,
    refusal: { code: 'no-such-kind' },
  });
  expect(asked.every(({ method }) => method === 'GET')).toBe(true);
});

test.each([
  [{ status: 200, body: '{"no":"object"}' }, 'refused'],
  [{ status: 200, body: 'nonsense' }, 'refused'],
  [{ status: 403, body: '{"message":"no"}' }, 'forbidden'],
  [{ status: 503, body: '' }, 'unreachable'],
])('%j is %s', async (given, code) => {
  answer = given;
  expect(await tried(false)).toMatchObject({ ok: false, refusal: { code } });
});
