import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, describe, expect, it } from 'vitest';
import { type SignedClientProps, signedClient } from '../../../adapters/aws/signed-client.ts';
import { ApiUnreachable, CredentialsMissing } from '../../../contracts/api/client.ts';

const IDENTITY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret', sessionToken: 'token' };
const REGION = 'eu-north-1';

interface Got {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Reply =
  | { readonly status: number; readonly body?: string; readonly location?: string }
  | 'hang up'
  | 'say nothing';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An API that gives these replies, one a call, and the last one again and again. */
async function api(replies: readonly Reply[], props: Partial<SignedClientProps> = {}) {
  const got: Got[] = [];
  const started = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    const reply = replies[Math.min(got.length, replies.length) - 1] ?? 'hang up';
    if (reply === 'hang up') request.socket.destroy();
    else if (reply !== 'say nothing')
      response
        .writeHead(reply.status, reply.location === undefined ? {} : { location: reply.location })
        .end(reply.body ?? '');
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(started.address() as AddressInfo).port}/v1`;
  const client = signedClient({
    endpoint,
    region: REGION,
    credentials: async () => IDENTITY,
    patience: { tries: 3, pause: async () => {} },
    ...props,
  });
  return { client, got, endpoint };
}

describe('a call', () => {
  it('goes nowhere else, and takes no token there, when the answer sends it on', async () => {
    const { client, got } = await api([
      { status: 307, location: '/elsewhere' },
      { status: 200, body: '{}' },
    ]);
    const headers = { 'fairlead-token': 'e30.e30.e30', 'idempotency-key': 'k' };
    const answer = await client.call({ method: 'POST', path: '/packages/a/rollouts', body: {}, headers });
    expect(answer.status).toBe(307);
    expect(got.map(({ url }) => url)).toEqual(['/v1/packages/a/rollouts']);
  });

  it('goes below the endpoint, carries its body, and gives back what came', async () => {
    const { client, got } = await api([{ status: 202, body: '{"id":"x"}' }]);
    const answer = await client.call({ method: 'POST', path: '/packages/a/rollouts', body: { version: '1.0.0' } });
    expect(answer).toMatchObject({ status: 202, body: { id: 'x' } });
    expect(got).toMatchObject([{ method: 'POST', url: '/v1/packages/a/rollouts', body: '{"version":"1.0.0"}' }]);
  });

  it.each([
    '/packages/a',
    '/environments?label=ring%3Dprod&label=tier%3D1',
    '/packages/a/rollouts/x/events?after=3&wait=20',
  ])('%s is signed as AWS checks it', async (path) => {
    const { client, got, endpoint } = await api([{ status: 200 }]);
    await client.call({ method: 'GET', path });
    const headers: IncomingMessage['headers'] = got[0]?.headers ?? {};
    const url = new URL(`${endpoint}${path}`);
    const query = Object.fromEntries([...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]));
    const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
    const date = String(headers['x-amz-date']).replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
    const expected = await new SignatureV4({
      service: 'execute-api',
      region: REGION,
      sha256: Sha256,
      credentials: IDENTITY,
    }).sign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname: url.hostname,
        path: url.pathname,
        query,
        headers: Object.fromEntries(signed.map((name) => [name, String(headers[name])])),
      },
      { signingDate: new Date(date) },
    );
    expect(headers.authorization).toBe(expected.headers['authorization']);
    expect(headers['x-amz-security-token']).toBe('token');
    expect(signed).toContain('host');
  });

  it('asks for credentials each time, so that new ones are used when the old have expired', async () => {
    let asked = 0;
    const credentials = async () => ({ ...IDENTITY, accessKeyId: `AKID${++asked}` });
    const { client, got } = await api([{ status: 200 }], { credentials });
    await client.call({ method: 'GET', path: '/packages' });
    await client.call({ method: 'GET', path: '/packages' });
    expect(got.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'AKID1',
      'AKID2',
    ]);
  });

  it('without credentials says so, and is not tried again', async () => {
    let asked = 0;
    const credentials = async () => {
      asked++;
      throw new Error('could not load credentials from any providers');
    };
    const { client, got } = await api([{ status: 200 }], { credentials });
    await expect(client.call({ method: 'GET', path: '/packages' })).rejects.toThrow(CredentialsMissing);
    expect([asked, got.length]).toEqual([1, 0]);
  });
});

describe('trouble', () => {
  const key = { 'idempotency-key': 'k' };

  it.each<[string, Reply]>([
    ['a connection that breaks', 'hang up'],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['429', { status: 429 }],
  ])('%s is tried again', async (_what, reply) => {
    const { client, got } = await api([reply, { status: 200, body: '{}' }]);
    expect((await client.call({ method: 'POST', path: '/packages/a/rollouts', body: {}, headers: key })).status).toBe(
      200,
    );
    expect(got).toHaveLength(2);
    expect(got.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
  });

  it.each([400, 403, 404, 409, 412, 422])('%i is an answer', async (status) => {
    const { client, got } = await api([{ status, body: '{"detail":"no"}' }, { status: 200 }]);
    expect(await client.call({ method: 'GET', path: '/packages' })).toMatchObject({ status, body: { detail: 'no' } });
    expect(got).toHaveLength(1);
  });

  it('with a start that has no key is never tried again: it may have started', async () => {
    const { client, got } = await api(['hang up', { status: 202 }]);
    await expect(client.call({ method: 'POST', path: '/packages/a/rollouts', body: {} })).rejects.toThrow(
      ApiUnreachable,
    );
    expect(got).toHaveLength(1);
  });

  it('that stays is told as it is: the last answer, or that there was none', async () => {
    const overloaded = await api([{ status: 503, body: '{}' }]);
    expect((await overloaded.client.call({ method: 'GET', path: '/packages' })).status).toBe(503);
    expect(overloaded.got).toHaveLength(3);
    const gone = await api(['hang up']);
    await expect(gone.client.call({ method: 'GET', path: '/packages' })).rejects.toThrow(/does not answer/);
    expect(gone.got).toHaveLength(3);
  });

  it('of an API that says nothing ends at the timeout', async () => {
    const { client, got } = await api(['say nothing', { status: 200 }], { timeoutMilliseconds: 50 });
    expect((await client.call({ method: 'GET', path: '/packages' })).status).toBe(200);
    expect(got).toHaveLength(2);
  });

  it('of no interest any more ends at once', async () => {
    const { client } = await api(['say nothing']);
    const stop = new AbortController();
    const call = client.call({ method: 'GET', path: '/packages', signal: stop.signal });
    stop.abort();
    await expect(call).rejects.toThrow();
  });

  it('with an answer that is no JSON keeps its text', async () => {
    const { client } = await api([{ status: 404, body: '<html>' }]);
    expect(await client.call({ method: 'GET', path: '/' })).toMatchObject({ status: 404, body: '<html>' });
  });
});
