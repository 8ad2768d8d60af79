import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Certificate } from '../tls/authority.ts';
import { logAnswer } from './kubelet-log-answer.ts';
import type { Pod } from './kubelet-pod.ts';

export interface KubeletServerOptions {
  readonly certificate: Certificate;
  /** PEM of the authority that callers' certificates must come from. */
  readonly ca: string;
  find(namespace: string, name: string): Pod | undefined;
}

export interface KubeletServer {
  readonly port: number;
  close(): Promise<void>;
}

const LOGS_ONLY = 'the pretend kubelet of the local stack serves container logs only\n';

/** The part of a kubelet that the API server calls: logs, over TLS, for callers of this cluster only. What a real one offers besides answers 501. */
export async function startKubeletServer({ certificate, ca, find }: KubeletServerOptions): Promise<KubeletServer> {
  const server = createServer({ ...certificate, ca, requestCert: true, rejectUnauthorized: true }, (asked, answer) => {
    const url = new URL(asked.url ?? '/', 'https://kubelet');
    const [, room, namespace = '', pod = '', container = ''] = url.pathname.split('/').map(decodeURIComponent);
    if (asked.method !== 'GET' || room !== 'containerLogs') {
      answer.writeHead(501).end(LOGS_ONLY);
      return;
    }
    const said = logAnswer(find(namespace, pod), container, url.searchParams, new Date());
    answer.writeHead(said.status, { 'content-type': 'text/plain' });
    answer.write(said.text);
    // A running container has no more to say, but who follows it waits as for a real one.
    if (url.searchParams.get('follow') !== 'true' || !said.goesOn) answer.end();
  });
  // exec, attach and port-forward ask for another protocol.
  server.on('upgrade', (_asked, socket) => {
    socket.on('error', () => socket.destroy());
    const head = `HTTP/1.1 501 Not Implemented\r\nContent-Length: ${LOGS_ONLY.length}\r\nConnection: close\r\n\r\n`;
    // Destroyed, not only ended: nobody reads from it any more, so it would never notice that the other side has gone, and the server could not close.
    socket.end(head + LOGS_ONLY, () => socket.destroy());
  });
  // Strangers without a certificate of this cluster.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the pretend kubelet got no port');
  return {
    port: address.port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
