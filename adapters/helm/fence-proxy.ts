/**
 * helm knows no fence, so it gets one: a loopback proxy in front of the API server that adds our identity and
 * refuses every write once the lease is lost or late. What it cannot take back are requests already sent.
 */
import { randomBytes } from 'node:crypto';
// The agent is what speaks TLS. `https.request` would only choose one, and the local emulator rewrites it for AWS calls.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent } from 'node:https';
import { textAt } from '../../domain/json.ts';
import { type WriteFenceProps, writeFence } from './write-fence.ts';

export interface FenceProxyProps extends WriteFenceProps {
  /** https URL of the API server. */
  readonly server: string;
  /** PEM bundle that signs its certificate. */
  readonly ca: string;
  readonly token: () => Promise<string>;
  /** Whom the API server shall take every request for; ourselves when absent. What a client says of that is dropped. */
  readonly actAs?: string | undefined;
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
/** The words helm repeats when the API server does not answer. */
export const UNREACHABLE = 'fairlead: the cluster does not answer';

const CONNECT_TIMEOUT_MS = 15_000;

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
    const writes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '');
    if (writes && !(await mayWrite())) {
      counts.refused += 1;
      return status(response, 409, 'Conflict', `${FENCED}, so this write is refused`);
    }
    counts[writes ? 'writes' : 'reads'] += 1;
    const token = await props.token();
    forward({ props, agent, token, path: path.slice(secret.length), onForbidden }, request, response);
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

interface Upstream {
  readonly props: FenceProxyProps;
  readonly agent: Agent;
  readonly token: string;
  readonly path: string;
  /** Hears what a 403 says. */
  readonly onForbidden: (message: string) => void;
}

const DROPPED = /^(host|authorization|connection|proxy-.*|impersonate-.*|upgrade|te|transfer-encoding)$/i;

function forward(
  { props, agent, token, path, onForbidden }: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const kept = Object.entries(request.headers).filter(([name]) => !DROPPED.test(name));
  const base = new URL(props.server);
  const upstream = httpRequest(
    {
      agent,
      protocol: base.protocol,
      host: base.hostname,
      port: base.port || 443,
      path: `${base.pathname.replace(/\/$/, '')}${path}`,
      method: request.method,
      headers: { ...Object.fromEntries(kept), ...framing(request), ...identity(token, props.actAs) },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (answer.statusCode === 403) overhear(answer, onForbidden);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    },
  );
  const giveUp = setTimeout(() => upstream.destroy(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('secureConnect', () => clearTimeout(giveUp));
    else clearTimeout(giveUp);
  });
  upstream.once('error', (error) => {
    clearTimeout(giveUp);
    if (response.headersSent) response.destroy();
    else status(response, 502, 'BadGateway', `${UNREACHABLE}: ${error.message}`);
  });
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}

/**
 * A body of no told length goes on in chunks. Without a word of that, Node writes the body of a GET or DELETE as it is
 * behind the headers, where it is read as the next request: one that the fence has not seen.
 */
function framing({ headers }: IncomingMessage): Record<string, string> {
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

const MAX_STATUS = 64 * 1024;

/** Reads a small answer on its way through. */
function overhear(answer: IncomingMessage, told: (message: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_STATUS) chunks.push(chunk);
  });
  answer.once('end', () => told(messageIn(Buffer.concat(chunks).toString())));
}

function messageIn(body: string): string {
  try {
    return textAt(JSON.parse(body), 'message') ?? '';
  } catch {
    return ''; // not a Status: whoever answered was no API server
  }
}

/**
 * Without groups the API server gives a service account its own ones
 * (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
 */
function identity(token: string, actAs: string | undefined): Record<string, string> {
  const ours = { authorization: `Bearer ${token}` };
  return actAs === undefined ? ours : { ...ours, 'impersonate-user': actAs };
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/ (errors are objects of kind Status) */
function status(response: ServerResponse, code: number, reason: string, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }));
}
