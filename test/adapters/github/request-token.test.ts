import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { requestToken } from '../../../adapters/github/request-token.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
async function github(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`;
}

test('the token is asked for with bearer and audience', async () => {
  const asked: unknown[] = [];
  const url = await github(({ url: path, headers }, response) => {
    asked.push(path, headers.authorization);
    response.end('{"value":"a.b.c"}');
  });
  expect(await requestToken({ url, bearer: 'key' }, 'sts.amazonaws.com')).toEqual({ given: true, token: 'a.b.c' });
  expect(asked).toEqual(['/token?api-version=2.0&audience=sts.amazonaws.com', 'bearer key']);
});

test.each([
  [undefined, 'key'],
  ['https://x', undefined],
  ['', ''],
])('without both variables the job may not ask', async (url, bearer) => {
  expect(await requestToken({ url, bearer }, 'x')).toMatchObject({ given: false, code: 'no-permission' });
});

test.each<[string, RequestListener]>([
  ['a refusal', (_, response) => response.writeHead(403).end('secret-words')],
  ['half a body', (_, response) => response.end('{"value":"secret-words')],
  ['no token', (_, response) => response.end('{"values":"secret-words"}')],
  ['a cut connection', (request) => request.socket.destroy()],
])('%s is told without repeating what was read', async (_what, answer) => {
  const found = await requestToken({ url: await github(answer), bearer: 'secret-words' }, 'x');
  expect(found).toMatchObject({
    given: false,
    code: 'refused',
    because: expect.stringContaining('GitHub gives the job'),
  });
  expect(JSON.stringify(found)).not.toContain('secret-words');
});

test('an address that is none is told', async () => {
  expect(await requestToken({ url: 'nowhere', bearer: 'key' }, 'x')).toMatchObject({
    code: 'refused',
    because: expect.stringContaining('no URL'),
  });
});
