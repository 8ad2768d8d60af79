import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Certificate } from '../tls/authority.ts';

export interface KubeClientOptions {
  /** https URL of the API server. */
  readonly server: string;
  readonly ca: string;
  readonly client: Certificate;
}

export interface KubeAnswer {
  readonly status: number;
  /** The parsed body; undefined when it is empty. */
  readonly body: unknown;
}

export type KubeMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The API server, as one of its users. A refusal is an answer; no answer (refused connection, 30 s of silence) rejects. */
export interface KubeClient {
  /** @param body sent as JSON; for PATCH as a JSON merge patch (RFC 7386). */
  call(method: KubeMethod, path: string, body?: unknown): Promise<KubeAnswer>;
  /** Hears the lines of a watch until it ends, by either side or by the signal. Rejects when it cannot be opened. */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>;
  /** Closes idle connections. */
  close(): void;
}

const WatchEvent = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});
export type WatchEvent = z.infer<typeof WatchEvent>;

const ANSWER_TIMEOUT_MS = 30_000;

export function kubeClient({ server, ca, client }: KubeClientOptions): KubeClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca, cert: client.cert, key: client.key });
  return {
    call: (method, path, body) =>
      new Promise((resolve, reject) => {
        const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
        const text = body === undefined ? '' : JSON.stringify(body);
        // The length by hand: Node sends a DELETE's body without any, and the rest of it is taken for the next request.
        const headers = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
        const asked = request(server + path, { agent, method, headers, timeout: ANSWER_TIMEOUT_MS }, async (answer) => {
          try {
            const said = Buffer.concat(await answer.toArray()).toString();
            resolve({ status: answer.statusCode ?? 0, body: parsed(said) });
          } catch (error: unknown) {
            reject(error);
          }
        });
        asked.once('timeout', () =>
          asked.destroy(new Error(`${method} ${path}: no answer in ${ANSWER_TIMEOUT_MS / 1000} s`)),
        );
        asked.once('error', reject);
        asked.end(text);
      }),
    watch: (path, onEvent, signal) =>
      new Promise((resolve, reject) => {
        const asked = request(
          server + path,
          { ca, cert: client.cert, key: client.key, agent: false, signal },
          (answer) => {
            if (answer.statusCode !== 200) {
              answer.resume();
              reject(new Error(`GET ${path}: status ${answer.statusCode}`));
              return;
            }
            // A watch that breaks off has ended like one that closes: the follower goes on from where it was.
            answer.on('error', () => resolve());
            createInterface({ input: answer })
              .on('error', () => resolve())
              .on('line', (line) => {
                try {
                  onEvent(WatchEvent.parse(JSON.parse(line)));
                } catch (error: unknown) {
                  reject(error);
                  asked.destroy();
                }
              });
            answer.once('close', resolve);
          },
        );
        asked.once('error', (error) => (signal.aborted ? resolve() : reject(error)));
        asked.end();
      }),
    close: () => agent.destroy(),
  };
}

/** Everything the API server says is JSON, except `ok` of its health pages. */
function parsed(text: string): unknown {
  if (text === '') return undefined;
  return text.startsWith('{') ? JSON.parse(text) : text;
}
