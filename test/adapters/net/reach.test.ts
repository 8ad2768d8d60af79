import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { reach } from '../../../adapters/net/reach.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function')
      server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
const answering = async (answer: RequestListener) => `http://127.0.0.1:${await listening(createServer(answer))}/x`;

test('an answer is told with status, headers and body, also a refusal and a redirect', async () => {
  const url = await answering((_, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/', date: 'now' }).end('{"a":1}'),
  );
  expect(await reach(url)).toMatchObject({ as: 'answer', status: 302, headers: { date: 'now' }, body: { a: 1 } });
});

test('a page is told by its beginning', async () => {
  const url = await answering((_, response) => response.end(`<html>${'x'.repeat(5_000)}`));
  const found = await reach(url);
  expect(found.as === 'answer' ? String(found.body).length : found).toBe(200);
});

test('an answer without end is not heard to its end', async () => {
  const url = await answering((_, response) => {
    const more = () => void (response.writable && response.write('x'.repeat(65_536), more));
    more();
  });
  expect((await reach(url)).as).toBe('answer');
});

test('a name that nobody knows', async () => {
  expect(await reach('https://nobody.invalid/')).toMatchObject({ as: 'dns' });
});

test('a port where nobody listens', async () => {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  expect(await reach(`http://127.0.0.1:${port}/`)).toMatchObject({
    as: 'tcp',
    because: expect.stringContaining('ECONNREFUSED'),
  });
});

test('somebody who listens and says nothing', async () => {
  const port = await listening(createTcpServer(() => undefined));
  expect(await reach(`http://127.0.0.1:${port}/`, 50)).toEqual({ as: 'timeout', because: 'no answer within 0.05 s' });
});

test('a certificate of an authority that nobody trusts', async () => {
  const { key, cert } = newAuthority('strangers', new Date()).issue({ name: 'x', hosts: ['127.0.0.1'] });
  const port = await listening(createTlsServer({ key, cert }, (_, response) => response.end()));
  expect((await reach(`https://127.0.0.1:${port}/`)).as).toBe('tls');
});

test('a connection that is cut', async () => {
  const port = await listening(createTcpServer((socket) => socket.destroy()));
  expect((await reach(`http://127.0.0.1:${port}/`)).as).toBe('tcp');
});
