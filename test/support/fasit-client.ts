/**
 * nais/fasit-deploy v4 as far as a server can tell it from the real one: which calls it makes, in which order, and what it makes of the answers. Entries
 * go one by one; `wait` polls until an end; the token is kept and asked for again when it ends soon or a poll is answered 401; statuses are never retried.
 */
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { readClaims } from '../../contracts/token-claims.ts';

export interface FasitInputs {
  /** Without `/` at its end. */
  readonly endpoint: string;
  readonly chart: string;
  readonly version: string;
  readonly targets: readonly { readonly target: Readonly<Record<string, string>>; readonly wait?: boolean }[];
  /** @default 60 seconds */
  readonly timeoutMs?: number;
  /** The real one's is 10 seconds. @default 100 */
  readonly pollMs?: number;
  /** The runner's clock, by which it knows when a token ends. @default the right one */
  readonly now?: () => number;
}

export interface FasitRun {
  readonly code: 0 | 1;
  /** Of the assignments that were made. */
  readonly ids: readonly string[];
  /** States that were seen, each once in a row, over all assignments. */
  readonly states: readonly string[];
  /** What the step ends with when it fails. */
  readonly error?: string;
  /** Tokens it asked GitHub for. */
  readonly tokens: number;
}

export type AskToken = () => Promise<string>;

/** The token as `core.getIDToken()` without an audience asks for it. */
export function tokenOf(env: Readonly<Record<string, string>>): AskToken {
  return async () => {
    const headers = { authorization: `bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` };
    const answer = await fetch(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '', { headers });
    return z.object({ value: z.string() }).parse(await answer.json()).value;
  };
}

/** Runs the step in a job with the variables `env`. */
export async function runFasit(
  env: Readonly<Record<string, string>>,
  inputs: FasitInputs,
  askToken: AskToken = tokenOf(env),
): Promise<FasitRun> {
  const [ids, states]: [string[], string[]] = [[], []];
  const tokens = keptToken(askToken, inputs.now ?? Date.now);
  try {
    for (const { target, wait = false } of inputs.targets) {
      const id = await post(env, inputs, target, await tokens.get());
      ids.push(id);
      if (wait) await poll(inputs, id, tokens.get, states);
    }
    return { code: 0, ids, states, tokens: tokens.asked() };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return { code: 1, ids, states, error: error.message, tokens: tokens.asked() };
  }
}

class StepFailed extends Error {}

type GetToken = (options?: { readonly refresh: boolean }) => Promise<string>;
const LEEWAY_MS = 60_000;

function keptToken(askToken: AskToken, now: () => number): { readonly get: GetToken; readonly asked: () => number } {
  let kept: string | undefined;
  let asked = 0;
  const get: GetToken = async ({ refresh } = { refresh: false }) => {
    if (refresh || kept === undefined || endOf(kept) - now() < LEEWAY_MS) {
      asked += 1;
      kept = await askToken();
    }
    return kept;
  };
  return { get, asked: () => asked };
}

function endOf(token: string): number {
  const read = readClaims(token);
  return read.ok ? Number(read.claims['exp']) * 1000 : Number.POSITIVE_INFINITY;
}

async function post(
  env: Readonly<Record<string, string>>,
  { endpoint, chart, version }: FasitInputs,
  target: Readonly<Record<string, string>>,
  token: string,
): Promise<string> {
  const repo = env['GITHUB_REPOSITORY']?.split('/').pop();
  const ref = { owner: env['GITHUB_REPOSITORY_OWNER'], repo, ref: env['GITHUB_SHA'] };
  const answer = await fetch(`${endpoint}/github/assignment`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ target, chart, version, ref }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new StepFailed(`assignment request failed (HTTP ${answer.status}): ${text}`);
  return z.object({ id: z.string().min(1) }).parse(JSON.parse(text)).id;
}

async function poll(
  { endpoint, timeoutMs = 60_000, pollMs = 100 }: FasitInputs,
  id: string,
  getToken: GetToken,
  states: string[],
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let token = await getToken();
  while (true) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${endpoint}/github/assignment/${encodeURIComponent(id)}`, { headers });
    const text = await answer.text();
    if (answer.status === 401) {
      token = await getToken({ refresh: true });
      continue;
    }
    if (!answer.ok) throw new StepFailed(`status request failed (HTTP ${answer.status}): ${text}`);
    const { state } = z.object({ state: z.string().min(1) }).parse(JSON.parse(text));
    if (states.at(-1) !== state) states.push(state);
    if (state === 'FAILED') throw new StepFailed(`assignment ${id} failed with state FAILED`);
    if (state === 'DEPLOYED' || state === 'DISABLED') return;
    if (Date.now() + pollMs >= deadline) throw new StepFailed(`timed out waiting for ${id} (last state: ${state})`);
    await pause(pollMs);
  }
}
