import { createServer } from 'node:https';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AccessReviews, accessReviews } from '../../../adapters/kube/access-reviews.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

/** An API server that answers as it is told to, and tells what it was asked. */
const authority = newAuthority('pretend cluster', new Date());
interface Asked {
  readonly what: string;
  readonly actAs: unknown;
  readonly body: unknown;
}
const asked: Asked[] = [];
let answer: { status: number; body: unknown };
let reviews: AccessReviews;
const api = createServer(authority.issue({ name: 'api', hosts: ['127.0.0.1'] }), async (request, response) => {
  const text = Buffer.concat(await request.toArray()).toString();
  const { 'impersonate-user': actAs } = request.headers;
  asked.push({ what: `${request.method} ${request.url}`, actAs, body: text === '' ? undefined : JSON.parse(text) });
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
});
beforeAll(async () => {
  await new Promise<void>((up) => void api.listen(0, '127.0.0.1', up));
});
beforeEach(() => {
  asked.length = 0;
  const address = api.address();
  const port = typeof address === 'object' ? address?.port : 0;
  reviews?.close();
  reviews = accessReviews({ server: `https://127.0.0.1:${port}`, ca: authority.ca, token: async () => 'token' });
});
afterAll(() => {
  reviews.close();
  api.closeAllConnections();
  api.close();
});

test('whom the cluster takes us for', async () => {
  answer = { status: 201, body: { status: { userInfo: { username: 'fairlead:r', groups: ['fairlead:deployers'] } } } };
  expect(await reviews.whoAmI()).toEqual({
    ok: true,
    value: { username: 'fairlead:r', groups: ['fairlead:deployers'] },
  });
  expect(asked).toEqual([
    {
      what: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews',
      actAs: undefined,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    },
  ]);
});

test('a user of no group is one all the same', async () => {
  answer = { status: 201, body: { status: { userInfo: { username: 'u' } } } };
  expect(await reviews.whoAmI()).toEqual({ ok: true, value: { username: 'u', groups: [] } });
});

test.each([[true], [false]])('whether somebody may: %s', async (allowed) => {
  answer = { status: 201, body: { status: { allowed } } };
  const right = { verb: 'create', group: 'apps', resource: 'deployments', namespace: 'web' };
  expect(await reviews.may(right, 'system:serviceaccount:web:team')).toEqual({ ok: true, value: allowed });
  expect(asked).toEqual([
    {
      what: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      actAs: 'system:serviceaccount:web:team',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: right },
      },
    },
  ]);
});

test.each([
  ['apps/v1', 'Deployment', { group: 'apps', resource: 'things', namespaced: true }],
  ['v1', 'Node', { group: '', resource: 'nodes', namespaced: false }],
])('the place of a kind of %s', async (apiVersion, kind, place) => {
  answer = { status: 200, body: { resources: [{ name: place.resource, kind, namespaced: place.namespaced }] } };
  expect(await reviews.placeOf(apiVersion, kind)).toEqual({ ok: true, value: place });
});

test.each([
  [401, { message: 'Unauthorized' }, 'unauthorised'],
  [403, { message: 'User "x" cannot impersonate' }, 'forbidden'],
  [404, {}, 'not-found'],
  [503, {}, 'unreachable'],
  [201, 'hello', 'refused'],
  [201, { status: {} }, 'refused'],
])('HTTP %i is an answer, too', async (status, body, code) => {
  answer = { status, body };
  expect(await reviews.whoAmI()).toMatchObject({ ok: false, code });
  expect(await reviews.may({ verb: 'get', group: '', resource: 'pods' })).toMatchObject({ ok: false, code });
});
