/** What aws-iam-authenticator refuses, refused by ours: before STS is asked, where it can be seen. */
import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eksToken } from '../../../adapters/aws/eks-token.ts';
import { type TokenCaller, tokenCaller } from '../../../local/cluster/token-caller.ts';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const ARN = 'arn:aws:sts::000000000000:assumed-role/fairlead-deployer/one';
const XML = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn><UserId>A:one</UserId><Account>000000000000</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

let sts: { asked: IncomingMessage[]; answer: { status: number; body: string }; endpoint: string; close: () => void };
let caller: TokenCaller;
beforeEach(async () => {
  const asked: IncomingMessage[] = [];
  const answer = { status: 200, body: XML };
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  sts = { asked, answer, endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
  caller = tokenCaller({ endpoint: sts.endpoint, cluster: 'own', region: 'us-east-1', now: () => NOW });
});
afterEach(() => sts.close());

const good = (now = NOW, cluster = 'own') =>
  eksToken({
    cluster,
    region: 'us-east-1',
    credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }),
    now: () => now,
  })();
const PREFIX = 'k8s-aws-v1.';
const urlOf = (token: string) => new URL(Buffer.from(token.slice(PREFIX.length), 'base64url').toString());
const tokenOf = (url: URL | string) => `${PREFIX}${Buffer.from(String(url)).toString('base64url')}`;
const changed = async (change: (url: URL) => void) => {
  const url = urlOf(await good());
  change(url);
  return tokenOf(url);
};

test('a token is the question who signed it, asked of STS with the cluster as it was signed', async () => {
  expect(await caller(await good())).toEqual({ known: true, arn: ARN });
  const [asked] = sts.asked;
  expect(asked?.method).toBe('GET');
  expect(asked?.headers).toMatchObject({ host: 'sts.us-east-1.amazonaws.com', 'x-k8s-aws-id': 'own' });
  expect(asked?.url).toMatch(/^\/\?Action=GetCallerIdentity&/);
});

test('what STS refuses is refused in the name of its error', async () => {
  sts.answer.status = 403;
  sts.answer.body = '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>';
  expect(await caller(await good())).toEqual({
    known: false,
    because: 'STS refuses the token: SignatureDoesNotMatch',
  });
});

test('an answer that is none lets nobody in', async () => {
  sts.answer.body = '<html>hello</html>';
  expect(await caller(await good())).toMatchObject({ known: false });
});

test('no STS is trouble, not an answer', async () => {
  sts.close();
  await expect(caller(await good())).rejects.toThrow(/ECONNREFUSED/);
});

describe('is refused unasked:', () => {
  test.each<readonly [string, () => Promise<string> | string, RegExp]>([
    ['nothing', () => '', /does not begin with k8s-aws-v1\./],
    ['a token of something else', () => 'eyJhbGciOiJub25lIn0.e30.', /does not begin with/],
    ['no URL', () => tokenOf('hello'), /holds no URL/],
    ['20 KB', () => `${PREFIX}${'A'.repeat(20_000)}`, /more than 4096 characters/],
    ['another host', () => changed((url) => (url.host = 'sts.evil.example')), /asks https:\/\/sts\.evil\.example/],
    ['the STS of another region', () => changed((url) => (url.host = 'sts.eu-west-1.amazonaws.com')), /not the STS of/],
    [
      'a host that only ends so',
      () => changed((url) => (url.host = 'x.sts.us-east-1.amazonaws.com')),
      /not the STS of/,
    ],
    ['another port', () => changed((url) => (url.port = '8443')), /not the STS of/],
    [
      'plain HTTP',
      () =>
        changed((url) => {
          url.protocol = 'http:';
        }),
      /asks http:/,
    ],
    ['a name in the URL', () => changed((url) => (url.username = 'x')), /not the STS of/],
    ['another path', () => changed((url) => (url.pathname = '/x')), /another path/],
    [
      'another question',
      () => changed((url) => url.searchParams.set('Action', 'AssumeRole')),
      /asks STS for something else/,
    ],
    ['two questions', () => changed((url) => url.searchParams.append('action', 'AssumeRole')), /or says it twice/],
    ['more than the question', () => changed((url) => url.searchParams.set('RoleArn', 'x')), /says 'rolearn'/],
    [
      'a signature for no cluster',
      () => changed((url) => url.searchParams.set('X-Amz-SignedHeaders', 'host')),
      /signed for no cluster/,
    ],
    ['a token of a quarter of an hour ago', () => good(new Date(NOW.getTime() - 15 * 60_000)), /older than 15 minutes/],
    ['a token without a date', () => changed((url) => url.searchParams.delete('X-Amz-Date')), /when it was signed/],
    ['a token for a day', () => changed((url) => url.searchParams.set('X-Amz-Expires', '86400')), /longer than 15/],
  ])('%s', async (_, token, words) => {
    const text = await token();
    const answer = await caller(text);
    expect(answer).toEqual({ known: false, because: expect.stringMatching(words) });
    if (text.length > 50) expect(JSON.stringify(answer)).not.toContain(text.slice(0, 50));
    expect(sts.asked).toHaveLength(0);
  });
});
