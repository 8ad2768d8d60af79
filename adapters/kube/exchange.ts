/** One request to an API server: GETs, reviews and dry runs, none of which keeps anything; one deadline over all of it, a bounded body, failures as answers. */
// The agent is what speaks TLS. `https.request` would only choose one, and the local emulator rewrites it for AWS calls.
import { request as httpRequest } from 'node:http';
import type { Agent } from 'node:https';
import type { KubeAnswer, KubeFailure } from '../../domain/kube.ts';
import { failureOf } from './failure-of.ts';

export interface ExchangeProps {
  /** https URL of the API server; a path in it is kept. */
  readonly server: string;
  readonly token: () => Promise<string>;
  readonly agent: Agent;
  /** From the first byte sent to the last byte read. */
  readonly timeoutMs: number;
  /** Bodies beyond this end the request as `refused`. */
  readonly maxBytes: number;
}

export interface ExchangeRequest {
  /** With its query string. */
  readonly path: string;
  readonly accept?: string | undefined;
  /** A review to be answered (https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access): sent as JSON by POST. */
  readonly review?: object | undefined;
  /** An object to be applied, server-side: sent by PATCH, and only where the path says that it is a dry run. */
  readonly patch?: object | undefined;
  /** User to ask as. @default ourselves */
  readonly actAs?: string | undefined;
}

/** Whatever was answered, with its HTTP status. */
export interface Exchanged {
  readonly status: number;
  readonly body: Buffer;
}

/** The body of a 200 or 201. @throws only what `token` throws. */
export async function exchange(props: ExchangeProps, request: ExchangeRequest): Promise<KubeAnswer<Buffer>> {
  const answer = await ask(props, request);
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  const isGood = status === 200 || (status === 201 && request.review !== undefined);
  const method = request.review === undefined ? 'GET' : 'POST';
  return isGood ? { ok: true, value: body } : failureOf(status, body.toString(), request.path, method);
}

/** Any answer is one, whatever its status. @throws only what `token` throws. */
export async function ask(props: ExchangeProps, request: ExchangeRequest): Promise<KubeAnswer<Exchanged>> {
  const token = await props.token();
  const url = `${props.server.replace(/\/+$/, '')}${request.path}`;
  const { method, body, headers } = messageOf(request, token);
  return new Promise((resolve) => {
    const unreachable = (why: string) =>
      resolve({ ok: false, code: 'unreachable', because: `the API server ${props.server} ${why}` });
    const signal = AbortSignal.timeout(props.timeoutMs);
    const sent = httpRequest(url, { method, agent: props.agent, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= props.maxBytes) return;
        resolve(tooLarge(request.path, props.maxBytes));
        response.destroy();
      });
      response.on('end', () => {
        resolve({ ok: true, value: { status: response.statusCode ?? 0, body: Buffer.concat(chunks) } });
      });
      response.on('error', (error) => unreachable(`broke off its answer (${error.message})`));
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      unreachable(
        signal.aborted ? `did not answer within ${props.timeoutMs / 1000} s` : `cannot be reached (${sayError(error)})`,
      ),
    );
    sent.end(body);
  });
}

/** A JSON object is YAML, too (https://kubernetes.io/docs/reference/using-api/server-side-apply/#apply-and-update). */
const APPLY = 'application/apply-patch+yaml';

function messageOf({ accept = 'application/json', review, patch, actAs }: ExchangeRequest, token: string) {
  const identity = { authorization: `Bearer ${token}`, ...(actAs !== undefined && { 'impersonate-user': actAs }) };
  if (patch !== undefined) {
    return { method: 'PATCH', body: JSON.stringify(patch), headers: { accept, 'content-type': APPLY, ...identity } };
  }
  if (review === undefined) return { method: 'GET', body: undefined, headers: { accept, ...identity } };
  const headers = { accept, 'content-type': 'application/json', ...identity };
  return { method: 'POST', body: JSON.stringify(review), headers };
}

function tooLarge(path: string, maxBytes: number): KubeFailure {
  return { ok: false, code: 'refused', because: `the answer to GET ${path} is larger than ${maxBytes} bytes` };
}

/** Node leaves the message of some socket errors empty (several addresses tried) and tells only the code. */
function sayError(error: NodeJS.ErrnoException): string {
  return error.message !== '' ? error.message : (error.code ?? error.name);
}
