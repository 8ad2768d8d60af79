import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { newAuthority } from '../../../local/tls/authority.ts';

const now = new Date('2026-11-21T10:00:00Z');

test('an issued certificate names its subject, its hosts, its times and its issuer', () => {
  const authority = newAuthority('a cluster', now);
  const ca = new X509Certificate(authority.ca);
  const cert = new X509Certificate(
    authority.issue({ name: 'server', group: 'system:nodes', hosts: ['127.0.0.1', 'localhost'] }).cert,
  );
  expect(cert.subject).toBe('O=system:nodes\nCN=server');
  expect(cert.subjectAltName).toBe('IP Address:127.0.0.1, DNS:localhost');
  expect(cert.validFrom).toBe('Nov 21 09:55:00 2026 GMT');
  expect(cert.validTo).toBe('Dec 21 10:00:00 2026 GMT');
  expect(ca.ca).toBe(true);
  expect(cert.ca).toBe(false);
  expect(cert.checkIssued(ca)).toBe(true);
  expect(cert.verify(ca.publicKey)).toBe(true);
  expect(cert.verify(new X509Certificate(newAuthority('a cluster', now).ca).publicKey)).toBe(false);
});

test('times from 2050 on are readable too', () => {
  const cert = new X509Certificate(newAuthority('later', new Date('2051-01-01T00:00:00Z')).ca);
  expect(cert.validFrom).toBe('Dec 31 23:55:00 2050 GMT');
});

test('a server and a client of one authority trust each other; a client of another is refused', async () => {
  const authority = newAuthority('a cluster', new Date());
  const stranger = newAuthority('another cluster', new Date()).issue({ name: 'mallory' });
  const server = createServer(
    {
      ...authority.issue({ name: 'server', hosts: ['127.0.0.1'] }),
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (socket: TLSSocket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${socket.getPeerCertificate().subject.CN}`),
  );
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (client: { cert: string; key: string }) =>
    new Promise<string>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, ca: authority.ca, ...client }, async (answer) => {
        resolve(Buffer.concat(await answer.toArray()).toString());
      });
      asked.once('error', reject);
      asked.end();
    });
  expect(await ask(authority.issue({ name: 'alice' }))).toBe('alice');
  await expect(ask(stranger)).rejects.toThrow();
  server.close();
});
