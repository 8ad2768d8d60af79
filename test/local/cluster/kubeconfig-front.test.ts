/** Whom the front lets in, as whom, and what it passes on. Behind it a server that stands for kubectl proxy, and remembers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KubeconfigFront, startKubeconfigFront } from '../../../local/cluster/kubeconfig-front.ts';
import type { TokenAnswer } from '../../../local/cluster/token-caller.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

const ROLE = 'arn:aws:iam::000000000000:role/fairlead-deployer';
const arnOf = (role: string) => `arn:aws:sts::000000000000:assumed-role/${role}/one`;
const TEAM = 'system:serviceaccount:web-dev:web-team';

const authority = newAuthority('test', new Date());
const agent = new Agent({ ca: authority.ca });
let behind: {
  server: Server;
  folder: string;
  seen: { url: string; method: string; headers: IncomingHttpHeaders; body: string }[];
};
let front: KubeconfigFront;
let tokens: string[];
let reviews: unknown[];
let allows: boolean;
let now: number;

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fl-'));
  const socketPath = join(folder, 's');
  const seen: typeof behind.seen = [];
  const server = createServer(async (asked, answer) => {
    const body = Buffer.concat(await asked.toArray()).toString();
    seen.push({ url: asked.url ?? '', method: asked.method ?? '', headers: asked.headers, body });
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"Thing"}');
  });
  await new Promise<void>((listening) => server.listen(socketPath, listening));
  behind = { server, folder, seen };
  [tokens, reviews, allows, now] = [[], [], true, 0];
  front = await startKubeconfigFront({
    certificate: authority.issue({ name: 'own', hosts: ['127.0.0.1'] }),
    roleArns: [ROLE],
    caller: async (token): Promise<TokenAnswer> => {
      tokens.push(token);
      if (token === 'trouble') throw new Error('STS gave no answer in 8 s');
      return token === 'bad' ? { known: false, because: 'STS refuses the token' } : { known: true, arn: arnOf(token) };
    },
    carrier: {
      socketPath,
      ask: async (_method, path, body) => {
        reviews.push({ path, body });
        return { status: 201, body: JSON.stringify({ status: { allowed: allows } }) };
      },
    },
    now: () => new Date(now),
  });
});
afterEach(async () => {
  await front.close();
  await new Promise((closed) => behind.server.close(closed));
  rmSync(behind.folder, { recursive: true, force: true });
});

interface Asked {
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string;
}

function call({ token = 'fairlead-deployer', headers = {}, method = 'GET', body }: Asked = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    body: { message?: string; kind: string };
  }>();
  const who = token === '' ? {} : { authorization: `Bearer ${token}` };
  const asked = request(
    `${front.server}/api/v1/pods?limit=1`,
    { agent, method, headers: { ...who, ...headers } },
    (answer) => {
      answer
        .toArray()
        .then((parts) => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }))
        .catch(reject);
    },
  );
  asked.once('error', reject);
  asked.end(body);
  return promise;
}

test('a deployer is passed on as whom its token proves, and its token is not', async () => {
  expect(await call({ method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })).toEqual({
    status: 200,
    body: { kind: 'Thing' },
  });
  const [seen] = behind.seen;
  expect(seen).toMatchObject({ url: '/api/v1/pods?limit=1', method: 'POST', body: '{"a":1}' });
  expect(seen?.headers).toMatchObject({
    host: 'localhost',
    'impersonate-user': 'fairlead:one',
    'impersonate-group': 'fairlead:deployers',
    'content-type': 'application/json',
  });
  expect(seen?.headers.authorization).toBeUndefined();
});

test('a token is believed for two minutes, a refusal never', async () => {
  await call();
  now = 119_000;
  await call();
  expect(tokens).toEqual(['fairlead-deployer']);
  now = 121_000;
  await call();
  await call({ token: 'bad' });
  await call({ token: 'bad' });
  expect(tokens).toEqual(['fairlead-deployer', 'fairlead-deployer', 'bad', 'bad']);
});

test.each<readonly [string, Asked, number, RegExp]>([
  ['without a token', { token: '' }, 401, /no bearer token/],
  ['with basic credentials', { token: '', headers: { authorization: 'Basic YTpi' } }, 401, /no bearer token/],
  ['with a token that STS refuses', { token: 'bad' }, 401, /STS refuses/],
  ['as another role', { token: 'fairlead-operator' }, 401, /assumed-role\/fairlead-operator\/one is not mapped/],
  ['when nobody can say who it is', { token: 'trouble' }, 503, /cannot say who this is: STS gave no answer/],
])('a request %s goes no further', async (_, asked, status, words) => {
  const answer = await call(asked);
  expect(answer).toMatchObject({ status, body: { kind: 'Status', message: expect.stringMatching(words) } });
  expect(behind.seen).toEqual([]);
});

describe('a deployer that acts as somebody else', () => {
  test('is passed on as that service account, after the cluster was asked whether the deployer may', async () => {
    expect((await call({ headers: { 'impersonate-user': TEAM } })).status).toBe(200);
    expect(reviews).toEqual([
      {
        path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: {
            user: 'fairlead:one',
            groups: ['fairlead:deployers', 'system:authenticated'],
            resourceAttributes: {
              verb: 'impersonate',
              resource: 'serviceaccounts',
              namespace: 'web-dev',
              name: 'web-team',
            },
          },
        },
      },
    ]);
    const { headers } = behind.seen[0] ?? {};
    expect(headers?.['impersonate-user']).toBe(TEAM);
    expect(headers?.['impersonate-group']).toBeUndefined();
  });

  test('is refused in the words of an API server when it may not', async () => {
    allows = false;
    expect(await call({ headers: { 'impersonate-user': TEAM } })).toMatchObject({
      status: 403,
      body: {
        message: expect.stringMatching(
          /^serviceaccounts "web-team" is forbidden: User "fairlead:one" cannot impersonate/,
        ),
      },
    });
    expect(behind.seen).toEqual([]);
  });

  test.each<readonly [string, Record<string, string>]>([
    ['a user', { 'impersonate-user': 'ada' }],
    ['an administrator', { 'impersonate-user': 'system:admin' }],
    ['a group alone', { 'impersonate-group': 'system:masters' }],
    [
      'a service account with a group of its choice',
      { 'impersonate-user': TEAM, 'impersonate-group': 'system:masters' },
    ],
    ['a service account with extras', { 'impersonate-user': TEAM, 'impersonate-extra-scopes': 'x' }],
    ['a service account and an id', { 'impersonate-user': TEAM, 'impersonate-uid': '1' }],
    ['something like a service account', { 'impersonate-user': `${TEAM}:more` }],
    ['nobody', { 'impersonate-user': '' }],
  ])('is refused as %s, without asking', async (_, headers) => {
    expect((await call({ headers })).status).toBe(403);
    expect(reviews).toEqual([]);
    expect(behind.seen).toEqual([]);
  });

  test('cannot bring an identity past the front by a header of request headers', async () => {
    await call({ headers: { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' } });
    const { headers } = behind.seen[0] ?? {};
    expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('x-remote'))).toEqual([]);
  });
});

/** Whoever speaks to the carrier is the user of the kubeconfig, who may be an administrator. */
test.each(['GET', 'DELETE', 'OPTIONS'])(
  'a body in chunks of a %s stays a body: it is no request of its own behind the front',
  async (method) => {
    const hidden = 'POST /api/v1/secrets HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n';
    await call({ method, body: hidden, headers: { 'transfer-encoding': 'chunked' } });
    expect(behind.seen).toMatchObject([{ method, body: hidden, headers: { 'impersonate-user': 'fairlead:one' } }]);
  },
);

test('a carrier that is gone is told as a cluster that does not answer', async () => {
  behind.server.closeAllConnections();
  await new Promise((closed) => behind.server.close(closed));
  expect(await call()).toMatchObject({ status: 502, body: { message: expect.stringContaining('does not answer') } });
  behind.server.listen(join(behind.folder, 's'));
});
