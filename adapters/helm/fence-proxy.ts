/**
 * helm knows no fence, so it gets one: a loopback proxy in front of the API server that adds our identity and
 * refuses every write once the lease is lost or late. What it cannot take back are requests already sent.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent } from 'node:https';
import { connected, forward, status, UNREACHABLE } from './forward-request.ts';
import { type WriteFenceProps, writeFence } from './write-fence.ts';

export interface FenceProxyProps extends WriteFenceProps {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  readonly token: () => Promise<string>;
  /** Whom the API server shall take every request for; ourselves when absent. What a client says of that is dropped. */
  readonly actAs?: string | undefined;
  /** Hears the path of each read. */
  readonly onRead?: (path: string) => void;
}

export interface FenceProxy {
  /** Carries a secret of its own, so that no other local process can borrow our identity. */
  readonly url: string;
  readonly counts: () => ProxyCounts;
  /** Why the API server did not let us act as `actAs`, if so. helm tells it as an unreachable cluster, for reasons unknown. */
  readonly notActedAs: () => string | undefined;
  /** Ends every connection. */
  close(): Promise<void>;
}

export interface ProxyCounts {
  readonly reads: number;
  readonly writes: number;
  readonly refused: number;
}

/** The words helm repeats when a write is refused; read back by `read-helm-error.ts`. */
export const FENCED = 'fairlead: the lease is over';

/** Starts the proxy on a free port of 127.0.0.1. */
export async function startFenceProxy(props: FenceProxyProps): Promise<FenceProxy> {
  const secret = `/${randomBytes(24).toString('base64url')}`;
  const agent = new Agent({ keepAlive: true, ca: props.ca });
  const mayWrite = writeFence(props);
  const counts = { reads: 0, writes: 0, refused: 0 };
  let notActedAs: string | undefined;
  const onForbidden = (message: string) => {
    if (message.includes('cannot impersonate')) notActedAs = message;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/';
    if (!path.startsWith(`${secret}/`)) return status(response, 403, 'Forbidden', 'not for you');
    const { server, actAs } = props;
    const to = { server, actAs, agent, path: path.slice(secret.length), onForbidden };
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '')) {
      counts.reads += 1;
      props.onRead?.(to.path);
      return request.pipe(forward({ ...to, token: await props.token() }, request, response));
    }
    const refuse = () => {
      counts.refused += 1;
      status(response, 409, 'Conflict', `${FENCED}, so this write is refused`);
    };
    if (!(await mayWrite())) return refuse();
    // All that takes time comes before the last look at the fence: a process that is frozen in between sends nothing late.
    const body = await wholeBody(request);
    const token = await props.token();
    const upstream = forward({ ...to, token, length: body.length }, request, response);
    await connected(upstream);
    if (upstream.destroyed) return;
    if (!(await mayWrite())) {
      refuse();
      return upstream.destroy();
    }
    counts.writes += 1;
    return upstream.end(body);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => status(response, 502, 'BadGateway', `${UNREACHABLE}: no credentials`));
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  return {
    url: `http://127.0.0.1:${address.port}${secret}`,
    counts: () => ({ ...counts }),
    notActedAs: () => notActedAs,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** Twice of what an API server takes (https://github.com/kubernetes/apiserver/blob/master/pkg/server/config.go, MaxRequestBodyBytes). */
const MAX_BODY = 2 * 3 * 1024 * 1024;

/** @throws when it is more than any API server would take. */
async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY) throw new Error(`a write of more than ${MAX_BODY} bytes`);
  }
  return Buffer.concat(chunks);
}
