/** One request on its way from helm to the API server, with our identity, and the answer on its way back. */
// The agent is what speaks TLS. `https.request` would only choose one, and the local emulator rewrites it for AWS calls.
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Agent } from 'node:https';
import { textAt } from '../../domain/json.ts';

/** The words helm repeats when the API server does not answer. */
export const UNREACHABLE = 'fairlead: the cluster does not answer';

const CONNECT_TIMEOUT_MS = 15_000;

export interface Upstream {
  /** https URL of the API server. */
  readonly server: string;
  readonly actAs?: string | undefined;
  readonly agent: Agent;
  readonly token: string;
  readonly path: string;
  /** Bytes of the body, where they are known; else it is framed as it came. */
  readonly length?: number;
  /** Hears what a 403 says. */
  readonly onForbidden: (message: string) => void;
}

const DROPPED = /^(host|authorization|connection|proxy-.*|impersonate-.*|upgrade|te|transfer-encoding)$/i;

/** The request to the API server, which its caller ends: nothing of it is sent before. */
export function forward(
  { server, actAs, agent, token, path, length, onForbidden }: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
): ClientRequest {
  const kept = Object.entries(request.headers).filter(([name]) => !DROPPED.test(name));
  const framed = length === undefined ? framing(request) : { 'content-length': String(length) };
  const base = new URL(server);
  const upstream = httpRequest(
    {
      agent,
      protocol: base.protocol,
      host: base.hostname,
      port: base.port || 443,
      path: `${base.pathname.replace(/\/$/, '')}${path}`,
      method: request.method,
      headers: { ...Object.fromEntries(kept), ...framed, ...identity(token, actAs) },
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
  upstream.on('error', (error) => {
    clearTimeout(giveUp);
    if (response.writableEnded) return;
    if (response.headersSent) response.destroy();
    else status(response, 502, 'BadGateway', `${UNREACHABLE}: ${error.message}`);
  });
  response.once('close', () => upstream.destroy());
  return upstream;
}

/** Resolves when there is a way to the API server, or none will be: then `forward` has told why. */
export function connected(upstream: ClientRequest): Promise<void> {
  return new Promise((ready) => {
    upstream.once('close', ready);
    upstream.once('socket', (socket) => {
      if (socket.connecting) socket.once('secureConnect', ready);
      else ready();
    });
  });
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

/** An answer of our own, as an API server words it: https://kubernetes.io/docs/reference/using-api/api-concepts/ (errors are objects of kind Status). */
export function status(response: ServerResponse, code: number, reason: string, message: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }));
}
