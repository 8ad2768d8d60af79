/**
 * `kubectl proxy` as the way into a cluster of the user's own: it knows every kind of credentials that a kubeconfig may name (certificates, tokens, exec
 * plugins, clouds), renews them, and keeps them. It listens on a socket in a folder that nobody else may enter, for whoever reaches it is the user.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../process/start-child.ts';
import { startProgram } from './start-program.ts';

export interface CarrierOptions {
  readonly kubectl: string;
  /** Paths as in KUBECONFIG. */
  readonly kubeconfig: string;
  readonly context: string;
  /** The user's own: exec plugins need it. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
}

export interface Carrier {
  /** Unix socket. Its Host is `localhost`; anything else is refused. */
  readonly socketPath: string;
  readonly child: Child;
  /** One question as the user; a refusal is an answer. @throws when nothing comes back in 30 seconds */
  ask(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: string }>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const ANSWER_MS = 30_000;

/** @throws with kubectl's last words, when the cluster does not answer or does not let the user in within a minute */
export async function startCarrier({ kubectl, kubeconfig, context, env, log }: CarrierOptions): Promise<Carrier> {
  // Of its own and short: the path of a socket may have 107 characters (unix(7)).
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-'));
  const socketPath = join(folder, 'kubectl.sock');
  const ask: Carrier['ask'] = (method, path, body) => askThrough(socketPath, { method, path, body });
  let last = { status: 0, words: 'kubectl proxy did not answer' };
  const ready = async () => {
    const { status, body } = await ask('GET', '/version');
    last = { status, words: `GET /version: status ${status}: ${body.slice(0, 500)}` };
    // A refusal is an answer that no waiting changes.
    return status < 500;
  };
  try {
    const child = await startProgram({
      name: `kubectl proxy to context ${context}`,
      command: kubectl,
      args: ['proxy', `--unix-socket=${socketPath}`, `--context=${context}`],
      env: { ...env, KUBECONFIG: kubeconfig },
      cwd: folder,
      log,
      deadlineMs: START_MS,
      ready,
    });
    const stop = async () => {
      await child.stop(500);
      await rm(folder, { recursive: true, force: true });
    };
    if (last.status === 200) return { socketPath, child, ask, stop };
    await stop();
    throw new Error(last.words);
  } catch (cause: unknown) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`the cluster of context ${context} does not let you in: ${last.words}`, { cause });
  }
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function askThrough(socketPath: string, { method, path, body }: Question) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const headers = { host: 'localhost', 'content-type': 'application/json' };
  const asked = request({ socketPath, method, path, headers, timeout: ANSWER_MS }, (answer) => {
    answer
      .toArray()
      .then((parts) => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }))
      .catch(reject);
  });
  asked.once('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer in ${ANSWER_MS / 1000} s`)));
  asked.once('error', reject);
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  return await promise;
}
