import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface LossyProxy {
  /** `endpoint` behind the proxy. */
  readonly endpoint: string;
  /** The calls that came through, as `METHOD path`. */
  readonly calls: readonly string[];
  stop(): Promise<void>;
}

/**
 * Hands calls on as they are, the signed host included, and loses the answer of the first one that `loses` names: the call has been
 * answered by then, and whoever made it sees a connection that is cut.
 */
export async function lossyProxy(endpoint: string, loses: (method: string) => boolean): Promise<LossyProxy> {
  const target = new URL(endpoint);
  const calls: string[] = [];
  let lost = false;
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    calls.push(`${method} ${url}`);
    const body = await buffer(incoming);
    const sent = request({ hostname: target.hostname, port: target.port, method, path: url, headers, timeout: 60_000 });
    sent.once('error', () => incoming.socket.destroy());
    sent.once('response', async (answer) => {
      const whole = await buffer(answer);
      if (!lost && loses(method)) {
        lost = true;
        incoming.socket.destroy();
      } else outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(whole);
    });
    sent.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const behind = new URL(endpoint);
  behind.port = String(port);
  return {
    endpoint: behind.href,
    calls,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
