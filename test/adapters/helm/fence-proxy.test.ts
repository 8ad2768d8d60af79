import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FenceProxy, type FenceProxyProps, startFenceProxy } from '../../../adapters/helm/fence-proxy.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

/** An API server that tells what it was asked, and the proxy in front of it. */
const authority = newAuthority('pretend cluster', new Date());
const asked: { method: string; url: string; authorization: string; impersonates: unknown; body: string }[] = [];
/** All that requests said of acting as somebody else. */
const impersonated: Record<string, unknown>[] = [];
let upstream: Server;
let server: string;
let proxy: FenceProxy | undefined;

beforeEach(async () => {
  asked.length = 0;
  impersonated.length = 0;
  upstream = createServer(authority.issue({ name: 'api', hosts: ['127.0.0.1'] }), async (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const body = Buffer.concat(await incoming.toArray()).toString();
    impersonated.push(Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('impersonate'))));
    const { authorization = '', 'impersonate-user': impersonates } = headers;
    asked.push({ method, url, authorization, impersonates, body });
    response.writeHead(201, { 'x-from': 'api' });
    response.write('first ');
    setTimeout(() => response.end('second'), 20);
  });
  await new Promise<void>((up) => void upstream.listen(0, '127.0.0.1', up));
  const address = upstream.address();
  server = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterEach(async () => {
  await proxy?.close();
  upstream.closeAllConnections();
  upstream.close();
});

const START = Date.parse('2026-11-21T10:00:00Z');
const END = START + 60_000;
let now = START;
async function start(given: Partial<FenceProxyProps> = {}): Promise<FenceProxy> {
  now = START;
  proxy = await startFenceProxy({
    server,
    ca: authority.ca,
    token: async () => 'the-token',
    holds: async () => true,
    writesEnd: () => new Date(END),
    now: () => new Date(now),
    ...given,
  });
  return proxy;
}

function call(url: string, method = 'GET', body = '', headers = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(await answer.toArray()).toString() });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

test('requests reach the API server as ours, whole, and answers come back whole', async () => {
  const { url } = await start();
  const headers = { authorization: 'Bearer mine', 'impersonate-user': 'admin' };
  expect(await call(`${url}/api/v1/x?a=b%2Fc`, 'POST', '{"a":1}', headers)).toEqual({
    status: 201,
    text: 'first second',
  });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/api/v1/x?a=b%2Fc',
      authorization: 'Bearer the-token',
      impersonates: undefined,
      body: '{"a":1}',
    },
  ]);
});

test('requests are made as whom the deployment acts as, and a client says nothing of that', async () => {
  const { url } = await start({ actAs: 'system:serviceaccount:web:web-team' });
  const headers = {
    'Impersonate-User': 'admin',
    'Impersonate-Group': 'system:masters',
    'Impersonate-Uid': '1',
    'Impersonate-Extra-Scopes': 'all',
    connection: 'impersonate-user',
  };
  await call(`${url}/api/v1/x`, 'POST', '{}', headers);
  await call(`${url}/api/v1/x`);
  const seen = { 'impersonate-user': 'system:serviceaccount:web:web-team' };
  expect(impersonated).toEqual([seen, seen]);
});

test.each(['GET', 'DELETE', 'OPTIONS'])(
  'a body in chunks of a %s stays a body: it is no request that the fence has not seen',
  async (method) => {
    const { url, counts } = await start({ actAs: 'system:serviceaccount:web:web-team' });
    const hidden = 'POST /api/v1/secrets HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n';
    await call(`${url}/api/v1/x`, method, hidden, { 'transfer-encoding': 'chunked' });
    expect(asked).toMatchObject([{ method, url: '/api/v1/x', body: hidden }]);
    expect(counts().reads + counts().writes).toBe(1);
  },
);

describe('an API server that does not let us act as somebody', () => {
  const words =
    'serviceaccounts "web-team" is forbidden: User "fairlead:r" cannot impersonate resource "serviceaccounts"';
  test.each([
    ['is overheard, for helm does not repeat it', 403, JSON.stringify({ kind: 'Status', message: words }), words],
    ['is not what refuses something else', 403, JSON.stringify({ message: 'User "x" cannot get secrets' }), undefined],
    ['is not what answers another status', 409, JSON.stringify({ message: words }), undefined],
    ['is not what says no JSON', 403, words, undefined],
    ['is not what says too much', 403, JSON.stringify({ message: words + ' '.repeat(70_000) }), undefined],
  ])('%s', async (_, status, body, heard) => {
    upstream.removeAllListeners('request');
    upstream.on('request', (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    });
    const { url, notActedAs } = await start({ actAs: 'system:serviceaccount:web:web-team' });
    expect(await call(`${url}/version`)).toEqual({ status, text: body });
    expect(notActedAs()).toBe(heard);
  });
});

test('who acts as nobody sends no word of acting as somebody', async () => {
  const { url } = await start();
  await call(`${url}/api/v1/x`, 'GET', '', { 'Impersonate-User': 'admin', 'impersonate-group': 'system:masters' });
  expect(impersonated).toEqual([{}]);
});

test('nobody without the secret in the address borrows our identity', async () => {
  const { url } = await start();
  const { origin } = new URL(url);
  for (const path of ['/api', '/', `${new URL(url).pathname}x/api`]) {
    expect((await call(`${origin}${path}`)).status).toBe(403);
  }
  expect(asked).toEqual([]);
});

describe('a write', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'by %s is refused once the lease is lost, while reads go on',
    async (method) => {
      const { url, counts } = await start({ holds: async () => false });
      const refused = await call(`${url}/api`, method);
      expect(refused.status).toBe(409);
      expect(JSON.parse(refused.text)).toMatchObject({
        kind: 'Status',
        reason: 'Conflict',
        message: expect.stringContaining('lease'),
      });
      expect((await call(`${url}/api`)).status).toBe(201);
      expect(counts()).toEqual({ reads: 1, writes: 0, refused: 1 });
    },
  );

  test('is refused by the wall clock alone', async () => {
    const { url } = await start();
    now += 60_000;
    expect((await call(`${url}/api`, 'POST')).status).toBe(409);
  });

  describe('that was let through, and then took its time until it was late, is not sent: a frozen process that wakes is late', () => {
    test('while its token was made', async () => {
      const { url, counts } = await start({
        token: async () => {
          now = END;
          return 'the-token';
        },
      });
      expect((await call(`${url}/api`, 'POST', '{}')).status).toBe(409);
      expect(counts()).toEqual({ reads: 0, writes: 0, refused: 1 });
      expect(asked).toEqual([]);
    });

    test('while it connected', async () => {
      const { url } = await start();
      upstream.once('connection', () => {
        now = END;
      });
      expect((await call(`${url}/api`, 'POST', '{}')).status).toBe(409);
      expect(asked).toEqual([]);
    });

    test('while its body came', async () => {
      const { url } = await start();
      const answered = new Promise<number>((resolve, reject) => {
        const sent = request(`${url}/api`, { method: 'POST' }, (answer) => resolve(answer.statusCode ?? 0));
        sent.once('error', reject);
        sent.write('{"half":');
        setTimeout(() => {
          now = END;
          sent.end('1}');
        }, 50);
      });
      expect(await answered).toBe(409);
      expect(asked).toEqual([]);
    });

    test('on a connection that is kept', async () => {
      let tokens = 0;
      const { url } = await start({
        token: async () => {
          if (++tokens === 2) now = END;
          return 'the-token';
        },
      });
      expect((await call(`${url}/api`, 'POST', '{}')).status).toBe(201);
      expect((await call(`${url}/api`, 'POST', '{}')).status).toBe(409);
      expect(asked).toHaveLength(1);
    });
  });

  test('is refused when nobody can say whether the lease is ours', async () => {
    const { url } = await start({ holds: async () => Promise.reject(new Error('table down')) });
    expect((await call(`${url}/api`, 'POST')).status).toBe(409);
  });

  test('once refused, stays refused: a lost lease never comes back', async () => {
    let holds = false;
    const { url } = await start({ holds: async () => holds });
    await call(`${url}/api`, 'POST');
    holds = true;
    now += 5000;
    expect((await call(`${url}/api`, 'POST')).status).toBe(409);
  });

  test('asks for the lease at most once a second', async () => {
    let times = 0;
    const { url } = await start({
      holds: async () => {
        times += 1;
        return true;
      },
    });
    await Promise.all([call(`${url}/a`, 'POST'), call(`${url}/b`, 'POST')]);
    await call(`${url}/c`, 'POST');
    expect(times).toBe(1);
    now += 1000;
    await call(`${url}/d`, 'POST');
    expect(times).toBe(2);
  });
});

test.each(['GET', 'POST'])('a cluster that is not there is said in words (%s)', async (method) => {
  const { url } = await start({ server: 'https://127.0.0.1:1' });
  const answer = await call(`${url}/api`, method);
  expect(answer.status).toBe(502);
  expect(answer.text).toContain('the cluster does not answer');
});

test("another authority's certificate is not trusted", async () => {
  const { url } = await start({ ca: newAuthority('somebody', new Date()).ca });
  expect((await call(`${url}/api`)).status).toBe(502);
  expect(asked).toEqual([]);
});

test('without a token nothing is sent, and no error of it is told', async () => {
  const { url } = await start({ token: async () => Promise.reject(new Error('key AKIA123')) });
  const answer = await call(`${url}/api`);
  expect(answer.status).toBe(502);
  expect(answer.text).not.toContain('AKIA123');
});

test('closing ends what is open', async () => {
  const { url, close } = await start({ holds: () => new Promise(() => undefined) });
  const hanging = call(`${url}/api`, 'POST');
  const ended = expect(hanging).rejects.toThrow();
  await new Promise((soon) => setTimeout(soon, 50));
  await close();
  await ended;
  proxy = undefined;
});
