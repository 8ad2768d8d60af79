/** The job's own identity: GitHub's OIDC token, asked for as https://docs.github.com/en/actions/reference/security/oidc describes. */
import * as z from 'zod';
import { reasonOf } from '../adapters/reason-of.ts';
import { EXIT } from '../contracts/outcome-table.ts';
import type { Ports } from './ports.ts';
import { Stopped } from './stopped.ts';
import { type Try, tryAgain } from './try-again.ts';

export interface OidcToken {
  /** The JWT. A secret: whoever has it is the job. */
  readonly value: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Gives a fresh token for the audience. @throws Stopped without the permission, or when GitHub gives none. */
export type AskToken = (audience: string) => Promise<OidcToken>;

const PERMISSION = `the job may not ask GitHub for its token. Add this to the job (or to the top of the workflow):

permissions:
  id-token: write
  contents: read
`;
const ONE_TRY_MILLISECONDS = 10_000;
const ALL_TRIES_MILLISECONDS = 60_000;
const Answer = z.object({ value: z.string().min(1) });

/** Tokens of this job. */
export function oidcOf(ports: Pick<Ports, 'env' | 'runner' | 'timing' | 'cancelled'>): AskToken {
  const { env, runner, timing } = ports;
  return async (audience) => {
    const [requestUrl, bearer] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
    if (!requestUrl || !bearer) throw new Stopped(PERMISSION, EXIT['wrong invocation']);
    const url = new URL(requestUrl);
    url.searchParams.set('audience', audience);
    const value = await tryAgain(ports, { forMilliseconds: ALL_TRIES_MILLISECONDS }, () =>
      ask(url, bearer, timing.timeout(ONE_TRY_MILLISECONDS)),
    );
    // Before anything else can be done with it, and so before anything could print it.
    runner.setSecret(value);
    return readToken(value);
  };
}

async function ask(url: URL, bearer: string, signal: AbortSignal): Promise<Try<string>> {
  const refusal = (words: string) => new Stopped(`GitHub gave the job no token: ${words}`, EXIT.unavailable);
  const later = (words: string): Try<string> => ({
    again: 'later',
    orElse: () => {
      throw refusal(words);
    },
  });
  try {
    const answer = await fetch(url, {
      headers: { authorization: `bearer ${bearer}`, accept: 'application/json' },
      signal,
    });
    const text = await answer.text();
    if (answer.status === 429 || answer.status >= 500) return later(`it answers ${answer.status}`);
    // The body of a refusal may be anything: its status is enough to go on.
    if (!answer.ok) throw refusal(`it answers ${answer.status} to ${url.host}: is the job still running?`);
    const found = Answer.safeParse(parsed(text));
    return found.success ? { value: found.data.value } : later('its answer has no token in it');
  } catch (error: unknown) {
    if (error instanceof Stopped) throw error;
    return later(`${url.host} does not answer: ${reasonOf(error)}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Claims = z.looseObject({ exp: z.number().optional() });

/** Reads the claims without proving anything: those who are shown the token do that. */
function readToken(value: string): OidcToken {
  const payload = value.split('.')[1] ?? '';
  const found = Claims.safeParse(parsed(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!found.success) throw new Stopped('GitHub gave the job something that is no token', EXIT.unavailable);
  return { value, claims: found.data, expires: (found.data.exp ?? 0) * 1000 };
}
