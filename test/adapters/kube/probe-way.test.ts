import { createServer as createPlain, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { probeWay } from '../../../adapters/kube/probe-way.ts';
import { newAuthority } from '../../../local/tls/authority.ts';

/** Servers as they stand on the way to a cluster. */
const now = new Date();
const authority = newAuthority('the cluster', now);
const another = newAuthority('another cluster', now);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((up) => void server.listen(0, '127.0.0.1', up));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
const secure = (hosts: readonly string[], from = authority) =>
  createServer(from.issue({ name: 'api', hosts: [...hosts] }));
const probe = (port: number, given: { ca?: string; host?: string; timeoutMs?: number } = {}) =>
  probeWay({
    server: `https://${given.host ?? '127.0.0.1'}:${port}`,
    ca: given.ca ?? authority.ca,
    timeoutMs: given.timeoutMs ?? 5_000,
  });

test('an API server with the registered CA is open, and its certificate tells its end', async () => {
  const seen = await probe(await portOf(secure(['127.0.0.1'])));
  expect(seen).toEqual({ is: 'open', certificateEnds: expect.any(Date) });
  expect(seen.is === 'open' && seen.certificateEnds.getTime()).toBeGreaterThan(now.getTime());
});

test('it is found by its name, too', async () => {
  const port = await portOf(secure(['localhost']));
  expect(await probe(port, { host: 'localhost' })).toMatchObject({ is: 'open' });
});

describe('what stands in the way is told apart:', () => {
  test('a name without an address', async () => {
    expect(await probe(443, { host: 'no-such-cluster.invalid' })).toMatchObject({ is: 'no-name' });
  });

  test('a port where nobody listens', async () => {
    const server = createPlain();
    const port = await portOf(server);
    await new Promise((closed) => server.close(closed));
    expect(await probe(port)).toEqual({ is: 'refused', because: 'ECONNREFUSED' });
  });

  test('somebody who takes the connection and says nothing', async () => {
    const port = await portOf(createPlain((socket) => void socket.on('error', () => undefined)));
    expect(await probe(port, { timeoutMs: 200 })).toMatchObject({ is: 'silent' });
  });

  test('a certificate of another authority', async () => {
    const port = await portOf(secure(['127.0.0.1'], another));
    expect(await probe(port)).toMatchObject({ is: 'untrusted' });
  });

  test('a certificate for another name', async () => {
    const port = await portOf(secure(['other.example']));
    expect(await probe(port)).toMatchObject({ is: 'other-name', because: expect.stringContaining('127.0.0.1') });
  });

  test('a certificate that is over', async () => {
    const old = newAuthority('old', new Date(now.getTime() - 50 * 365 * 86_400_000));
    const port = await portOf(secure(['127.0.0.1'], old));
    expect(await probe(port, { ca: old.ca })).toMatchObject({ is: 'expired' });
  });

  test('a certificate that has not begun', async () => {
    const young = newAuthority('young', new Date(now.getTime() + 10 * 365 * 86_400_000));
    const port = await portOf(secure(['127.0.0.1'], young));
    expect(await probe(port, { ca: young.ca })).toMatchObject({ is: 'not-yet-valid' });
  });

  test('somebody who does not speak TLS', async () => {
    const plain = createPlain(
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    expect(await probe(await portOf(plain))).toMatchObject({ is: 'no-tls' });
  });

  test('somebody who hangs up', async () => {
    const plain = createPlain(
      (socket) => void socket.on('error', () => undefined).once('data', () => socket.destroy()),
    );
    expect(await probe(await portOf(plain))).toMatchObject({ is: 'no-tls' });
  });

  test.each([['not PEM'], ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'], ['']])(
    "a registered CA that is none: '%s'",
    async (ca) => {
      expect(await probe(await portOf(secure(['127.0.0.1'])), { ca })).toMatchObject({ is: 'untrusted' });
    },
  );
});
