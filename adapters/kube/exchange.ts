/** One request to an API server: GETs, and the reviews that are POSTs but keep nothing; one deadline over all of it, a bounded body, failures as answers. */
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
  /** User to ask as. @default ourselves */
  readonly actAs?: string | undefined;
}

/** The body of a 200 or 201. @throws only what `token` throws. */
export async function exchange(props: ExchangeProps, request: ExchangeRequest): Promise<KubeAnswer<Buffer>> {
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
        const answer = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        const isGood = status === 200 || (status === 201 && request.review !== undefined);
        resolve(isGood ? { ok: true, value: answer } : failureOf(status, answer.toString(), request.path, method));
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

function messageOf({ accept = 'application/json', review, actAs }: ExchangeRequest, token: string) {
  const identity = { authorization: `Bearer ${token}`, ...(actAs !== undefined && { 'impersonate-user': actAs }) };
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
