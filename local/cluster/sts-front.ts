import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Certificate } from '../tls/authority.ts';
import { callerIdentityJson, stsErrorJson } from './sts-json.ts';

export interface StsFrontOptions {
  /** http URL of the STS behind it: MiniStack's. */
  readonly endpoint: string;
  /** For the host names of STS. */
  readonly certificate: Certificate;
  /** The host names it answers for, as in `sts.eu-west-1.amazonaws.com`. */
  readonly hosts: readonly string[];
}

export interface StsFront {
  /** For HTTPS_PROXY. */
  readonly proxy: string;
  close(): Promise<void>;
}

const STS_TIMEOUT_MS = 8_000;

/** The names of STS that a token of this region may be presigned for. */
export const stsHosts = (region: string): string[] => [`sts.${region}.amazonaws.com`, 'sts.amazonaws.com'];

/**
 * Lets aws-iam-authenticator, which insists on `https://sts.REGION.amazonaws.com` and on JSON, verify tokens against MiniStack, which has plain HTTP and XML:
 * a proxy on the loopback whose CONNECT to a name of STS ends here, in a TLS server, and to any other name is refused. No request leaves the machine.
 */
export async function startStsFront({ endpoint, certificate, hosts }: StsFrontOptions): Promise<StsFront> {
  const sts = createTlsServer(certificate, (asked, answer) => void forward(endpoint, asked, answer));
  const sockets = new Set<Duplex>();
  const proxy = createServer((_asked, answer) => answer.writeHead(405).end());
  proxy.on('connect', (asked: IncomingMessage, socket: Duplex) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that hangs up in the middle is its own affair.
    socket.on('error', () => socket.destroy());
    if (!hosts.some((host) => asked.url === `${host}:443`)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    sts.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the front of STS got no port');
  return {
    proxy: `http://127.0.0.1:${address.port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      proxy.closeAllConnections();
      await once(proxy, 'close');
    },
  };
}

function forward(endpoint: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const say = (status: number, body: unknown) => {
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    resolve();
  };
  const unreachable = (error: Error) =>
    say(502, { Error: { Code: 'Unreachable', Message: `sts at ${endpoint}: ${error.message}`, Type: 'Server' } });
  // Host and headers go on as they are: they are part of what was signed.
  const { hostname: host, port } = new URL(endpoint);
  const onward = request({
    host,
    port,
    path: asked.url,
    method: asked.method,
    headers: asked.headers,
    timeout: STS_TIMEOUT_MS,
  });
  onward.once('timeout', () => onward.destroy(new Error(`no answer in ${STS_TIMEOUT_MS / 1000} s`)));
  onward.once('error', unreachable);
  onward.once('response', async (answered) => {
    try {
      const xml = Buffer.concat(await answered.toArray()).toString();
      const status = answered.statusCode ?? 502;
      const identity = status === 200 ? callerIdentityJson(xml) : undefined;
      if (identity !== undefined) say(200, identity);
      else say(status === 200 ? 502 : status, stsErrorJson(xml));
    } catch (error: unknown) {
      unreachable(error instanceof Error ? error : new Error(String(error)));
    }
  });
  asked.pipe(onward);
  return promise;
}
