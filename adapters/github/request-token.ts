/** A job's own OIDC token, asked of GitHub (https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token). */

import * as z from 'zod';
import type { TokenRead } from '../../contracts/looks.ts';

export interface JobVariables {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL`; GitHub sets it only for jobs with `permissions: id-token: write`. */
  readonly url: string | undefined;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly bearer: string | undefined;
}

const Answer = z.object({ value: z.string().min(1) });
const TIMEOUT_MILLISECONDS = 10_000;

/** Asks once. Refusals are answers, and never carry the bearer or a token. */
export async function requestToken({ url, bearer }: JobVariables, audience: string): Promise<TokenRead> {
  if (!url || !bearer) {
    return {
      given: false,
      code: 'no-permission',
      because: "the job may not ask GitHub for its token: 'id-token: write' is missing",
    };
  }
  const refused = (because: string): TokenRead => ({ given: false, code: 'refused', because });
  const target = URL.parse(url);
  if (target === null) return refused('ACTIONS_ID_TOKEN_REQUEST_URL is no URL');
  target.searchParams.set('audience', audience);
  try {
    const answer = await fetch(target, {
      headers: { authorization: `bearer ${bearer}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    if (!answer.ok) return refused(`GitHub gives the job no token: it answers ${answer.status}`);
    const found = Answer.safeParse(await answer.json());
    return found.success ? { given: true, token: found.data.value } : refused('what GitHub gives the job is no token');
  } catch (error: unknown) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    // A parser's words quote what it read, which may be a token.
    const because =
      cause instanceof SyntaxError ? 'its answer is not JSON' : cause instanceof Error ? cause.message : String(cause);
    return refused(`GitHub gives the job no token: ${because}`);
  }
}
