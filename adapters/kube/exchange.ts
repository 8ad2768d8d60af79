/** One request to an API server: GET only, one deadline over all of it, a bounded body, failures as answers. */
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
}

/** The body of a 200. @throws only what `token` throws. */
export async function exchange(props: ExchangeProps, request: ExchangeRequest): Promise<KubeAnswer<Buffer>> {
  const token = await props.token();
  const url = `${props.server.replace(/\/+$/, '')}${request.path}`;
  const headers = { accept: request.accept ?? 'application/json', authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const unreachable = (why: string) =>
      resolve({ ok: false, code: 'unreachable', because: `the API server ${props.server} ${why}` });
    const signal = AbortSignal.timeout(props.timeoutMs);
    const sent = httpRequest(url, { method: 'GET', agent: props.agent, headers, signal }, (response) => {
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
        const body = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        resolve(status === 200 ? { ok: true, value: body } : failureOf(status, body.toString(), request.path));
      });
      response.on('error', (error) => unreachable(`broke off its answer (${error.message})`));
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      unreachable(
        signal.aborted ? `did not answer within ${props.timeoutMs / 1000} s` : `cannot be reached (${sayError(error)})`,
      ),
    );
    sent.end();
  });
}

function tooLarge(path: string, maxBytes: number): KubeFailure {
  return { ok: false, code: 'refused', because: `the answer to GET ${path} is larger than ${maxBytes} bytes` };
}

/** Node leaves the message of some socket errors empty (several addresses tried) and tells only the code. */
function sayError(error: NodeJS.ErrnoException): string {
  return error.message !== '' ? error.message : (error.code ?? error.name);
}
