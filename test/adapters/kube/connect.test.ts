import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, type KubeConnection } from '../../../adapters/kube/connect.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

/** An API server of canned answers: real TLS, real HTTP. */
const authority = newAuthority('test', new Date());
const { cert, key } = authority.issue({ name: 'server', hosts: ['127.0.0.1'] });
const asked: { path: string; accept: string; authorization: string }[] = [];
let answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void>;
let server: https.Server;
let url: string;
let kube: KubeConnection;

const json =
  (body: unknown, status = 200) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const says = (status: number, message: string) =>
  json({ kind: 'Status', status: 'Failure', message, code: status }, status);
const resources = (...list: object[]) => json({ kind: 'APIResourceList', resources: list });
const PODS = '/api/v1/namespaces/web/pods';
const pod = { name: 'pods', kind: 'Pod', namespaced: true };

beforeEach(async () => {
  asked.length = 0;
  answers = {
    '/api/v1': resources(
      pod,
      { name: 'pods/log', kind: 'Pod', namespaced: true },
      { name: 'nodes', kind: 'Node', namespaced: false },
    ),
  };
  server = https.createServer({ cert, key }, (request, response) => {
    const path = request.url ?? '';
    const { accept = '', authorization = '' } = request.headers;
    asked.push({ path, accept, authorization });
    const answer = answers[path] ?? answers[path.split('?')[0] ?? ''] ?? says(404, 'the server could not find it');
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kube = connect({ server: url, ca: authority.ca, token: async () => 'good-token', timeoutMs: 500 });
});
afterEach(async () => {
  kube.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const web = { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'web' };
const found = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'web' },
  status: { phase: 'Running' },
};

describe('one object', () => {
  test('is found by its kind, with our token', async () => {
    answers[`${PODS}/web`] = json(found);
    expect(await kube.get(web)).toEqual({ ok: true, value: found });
    expect(asked.map(({ path }) => path)).toEqual(['/api/v1', `${PODS}/web`]);
    expect(asked.every(({ authorization }) => authorization === 'Bearer good-token')).toBe(true);
  });

  test('of a kind without namespaces is asked for without one', async () => {
    answers['/api/v1/nodes/n1'] = json({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } });
    expect(await kube.get({ apiVersion: 'v1', kind: 'Node', name: 'n1', namespace: 'web' })).toMatchObject({
      ok: true,
    });
  });

  test('may be asked for by its metadata only', async () => {
    answers[`${PODS}/web`] = json({
      apiVersion: 'meta.k8s.io/v1',
      kind: 'PartialObjectMetadata',
      metadata: found.metadata,
    });
    const answer = await kube.get(web, { metadataOnly: true });
    expect(answer).toMatchObject({ ok: true, value: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } } });
    expect(asked.at(-1)?.accept).toMatch(/as=PartialObjectMetadata;/);
  });

  test('has its name encoded, so that no name is a path', async () => {
    await kube.get({ ...web, name: '../secrets/x?y' });
    expect(asked.at(-1)?.path).toBe(`${PODS}/..%2Fsecrets%2Fx%3Fy`);
  });

  test('of a group is asked for there', async () => {
    answers['/apis/apps/v1'] = resources({ name: 'deployments', kind: 'Deployment', namespaced: true });
    answers['/apis/apps/v1/namespaces/web/deployments/web'] = json({
      ...found,
      apiVersion: 'apps/v1',
      kind: 'Deployment',
    });
    expect(await kube.get({ ...web, apiVersion: 'apps/v1', kind: 'Deployment' })).toMatchObject({ ok: true });
  });

  test('asks which paths there are only once', async () => {
    answers[`${PODS}/web`] = json(found);
    await Promise.all([kube.get(web), kube.get(web)]);
    await kube.get(web);
    expect(asked.filter(({ path }) => path === '/api/v1')).toHaveLength(1);
  });

  test('of a kind that comes later is found then', async () => {
    const widget = { apiVersion: 'acme.example/v1', kind: 'Widget', name: 'w', namespace: 'web' };
    expect(await kube.get(widget)).toEqual({
      ok: false,
      code: 'not-found',
      because: 'the cluster knows no Widget in acme.example/v1',
    });
    answers['/apis/acme.example/v1'] = resources({ name: 'widgets', kind: 'Widget', namespaced: true });
    answers['/apis/acme.example/v1/namespaces/web/widgets/w'] = json({ ...found, kind: 'Widget' });
    expect(await kube.get(widget)).toMatchObject({ ok: true });
  });
});

describe('a list', () => {
  test('is read to its last page, with its selectors, and each item knows its kind', async () => {
    answers[PODS] = (request, response) => {
      const isSecond = request.url?.includes('continue=more') ?? false;
      const item = { metadata: { name: isSecond ? 'b' : 'a' } };
      json({ kind: 'PodList', metadata: { continue: isSecond ? '' : 'more' }, items: [item] })(request, response);
    };
    const answer = await kube.list({
      ...web,
      labels: { app: 'web', tier: 'x' },
      fields: { 'status.phase': 'Running' },
    });
    expect(answer).toEqual({
      ok: true,
      value: [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } },
      ],
    });
    expect(decodeURIComponent(asked.at(-1)?.path ?? '')).toBe(
      `${PODS}?limit=500&labelSelector=app=web,tier=x&fieldSelector=status.phase=Running&continue=more`,
    );
  });

  test('of nothing is empty', async () => {
    answers[PODS] = json({ kind: 'PodList', items: null });
    expect(await kube.list(web)).toEqual({ ok: true, value: [] });
  });
});

describe('a log', () => {
  const query = { namespace: 'web', pod: 'web-1', container: 'web', previous: true, lines: 50 };

  test('comes in lines', async () => {
    answers[`${PODS}/web-1/log`] = (_, response) => void response.end('one\ntwo\n');
    expect(await kube.logs(query)).toEqual({ ok: true, value: ['one', 'two'] });
    expect(asked.at(-1)?.path).toBe(`${PODS}/web-1/log?container=web&tailLines=50&limitBytes=262144&previous=true`);
  });

  test('that was never written is refused in the words of the API server', async () => {
    answers[`${PODS}/web-1/log`] = says(400, 'previous terminated container "web" not found');
    expect(await kube.logs(query)).toEqual({
      ok: false,
      code: 'refused',
      because: `GET ${PODS}/web-1/log: previous terminated container "web" not found`,
    });
  });
});

describe('trouble is an answer', () => {
  test.each<[number, string]>([
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [429, 'unreachable'],
    [503, 'unreachable'],
    [422, 'refused'],
  ])('HTTP %i is %s, with what the API server says', async (status, code) => {
    answers[`${PODS}/web`] = says(status, 'pods "web" is out of bounds');
    expect(await kube.get(web)).toEqual({ ok: false, code, because: `GET ${PODS}/web: pods "web" is out of bounds` });
  });

  test('an answer that is no Status is told by its number, never by its text', async () => {
    answers[`${PODS}/web`] = (_, response) => void response.writeHead(502).end('<html>token=x</html>');
    expect(await kube.get(web)).toEqual({ ok: false, code: 'unreachable', because: `GET ${PODS}/web: HTTP 502` });
  });

  test('an answer that is not Kubernetes’ is refused', async () => {
    answers[`${PODS}/web`] = (_, response) => void response.end('hello');
    expect(await kube.get(web)).toMatchObject({ ok: false, code: 'refused' });
    answers[PODS] = json({ items: [{ no: 'metadata' }] });
    expect(await kube.list(web)).toMatchObject({ ok: false, code: 'refused' });
  });

  test('a server that does not answer in time is unreachable', async () => {
    answers[`${PODS}/web`] = () => undefined;
    expect(await kube.get(web)).toMatchObject({
      code: 'unreachable',
      because: expect.stringContaining('within 0.5 s'),
    });
  });

  test('a request that waits for its turn is not late: the deadline is of the request, not of the crowd', async () => {
    answers[PODS.concat('/web')] = (request, response) => void setTimeout(() => json(found)(request, response), 120);
    const all = await Promise.all(Array.from({ length: 60 }, () => kube.get(web)));
    expect(all.filter(({ ok }) => !ok)).toEqual([]);
  });
  test('a server that stops in the middle is unreachable', async () => {
    answers[`${PODS}/web`] = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => response.destroy());
    };
    expect(await kube.get(web)).toMatchObject({ ok: false, code: 'unreachable' });
  });

  test('a log without end is refused', async () => {
    answers[`${PODS}/web-1/log`] = (_, response) => void response.end('x'.repeat(600_000));
    const query = { namespace: 'web', pod: 'web-1', container: 'web', previous: false, lines: 50 };
    expect(await kube.logs(query)).toMatchObject({ ok: false, code: 'refused' });
  });

  test('a server that is not there is unreachable', async () => {
    const nobody = connect({ server: 'https://127.0.0.1:1', ca: authority.ca, token: async () => 't' });
    expect(await nobody.get(web)).toMatchObject({ ok: false, code: 'unreachable' });
    nobody.close();
  });

  test('a server that another authority vouches for is not spoken to', async () => {
    const other = newAuthority('other', new Date());
    const wary = connect({ server: url, ca: other.ca, token: async () => 'secret-token' });
    expect(await wary.get(web)).toMatchObject({ ok: false, code: 'unreachable' });
    expect(asked).toEqual([]);
    wary.close();
  });
});
