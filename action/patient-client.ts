/**
 * Calls that outlive a bad network. Every call of the Action may be repeated (a start carries its key, an abort and a claim say the same again), so
 * network errors, cut answers and 5xx are tried again until a deadline; so is 429, which says that nothing was done. Other 4xx are answers.
 */
import type { ApiAnswer, ApiClient, ApiRequest } from '../contracts/api/client.ts';
import { ApiUnreachable } from '../contracts/api/client.ts';
import { TOKEN_HEADER } from '../contracts/api/github-token.ts';
import { PROBLEM_BASE, Problem } from '../contracts/api/problem.ts';
import type { OidcToken } from './oidc.ts';
import type { Ports } from './ports.ts';
import { type Try, tryAgain } from './try-again.ts';

export interface PatientProps {
  /** Signs and sends, once. */
  readonly client: ApiClient;
  /** The next call is signed by a new session; false when there is none to be had. */
  readonly renewSession: () => boolean;
  /** Self-service: gives GitHub's token for Fairlead itself. */
  readonly askToken?: (() => Promise<OidcToken>) | undefined;
  /** How long one call is tried. @default 120_000 */
  readonly forMilliseconds?: number;
}

const AGAIN = [429, 500, 502, 503, 504];
/** A token that is used for reading has at least this long to live. */
const TOKEN_LEEWAY_MILLISECONDS = 60_000;

/** @throws ApiUnreachable when the deadline comes before an answer; the caller's AbortError. */
export function patientClient(world: Pick<Ports, 'timing' | 'cancelled'>, props: PatientProps): ApiClient {
  const { client, renewSession, askToken, forMilliseconds = 120_000 } = props;
  const tokens = askToken === undefined ? undefined : tokensOf(world, askToken);
  return {
    async call(request) {
      let renewed = false;
      return await tryAgain<ApiAnswer>(world, { forMilliseconds }, async () => {
        const answer = await sent(client, withToken(request, await tokens?.for(request)));
        if (!('value' in answer) || renewed) return answer;
        renewed = renew(tooOld(request, answer.value), renewSession, tokens);
        return renewed ? { again: 'later', orElse: () => answer.value } : answer;
      });
    },
  };
}

/** Whether something new will sign or prove the next try. */
function renew(old: 'session' | 'token' | undefined, renewSession: () => boolean, tokens: Tokens | undefined) {
  if (old === 'token') tokens?.forget();
  return old === 'session' ? renewSession() : old === 'token' && tokens !== undefined;
}

type Tokens = ReturnType<typeof tokensOf>;

/** One token for all reading, until it is about to end. What changes something has a token of its own, since each may be used once. */
function tokensOf({ timing }: Pick<Ports, 'timing'>, askToken: () => Promise<OidcToken>) {
  let held: OidcToken | undefined;
  return {
    async for({ method }: ApiRequest): Promise<string> {
      if (method !== 'GET') return (await askToken()).value;
      if (held === undefined || held.expires - timing.now() < TOKEN_LEEWAY_MILLISECONDS) held = await askToken();
      return held.value;
    },
    forget(): void {
      held = undefined;
    },
  };
}

function withToken(request: ApiRequest, token: string | undefined): ApiRequest {
  return token === undefined ? request : { ...request, headers: { ...request.headers, [TOKEN_HEADER]: token } };
}

async function sent(client: ApiClient, request: ApiRequest): Promise<Try<ApiAnswer>> {
  const later = (orElse: () => ApiAnswer, answer?: ApiAnswer): Try<ApiAnswer> => ({
    again: 'later',
    notBefore: answer && retryAfter(answer),
    orElse,
  });
  try {
    const answer = await client.call(request);
    if (AGAIN.includes(answer.status)) return later(() => answer, answer);
    if (answer.status < 300 && typeof answer.body === 'string') {
      // Half a body: it began as JSON and was cut where nobody counted.
      return later(() => {
        throw new ApiUnreachable(`${request.method} ${request.path} answered something that is not JSON`);
      });
    }
    return { value: answer };
  } catch (error: unknown) {
    if (!(error instanceof ApiUnreachable) || request.signal?.aborted) throw error;
    return later(() => {
      throw error;
    });
  }
}

const LONGEST_RETRY_AFTER_SECONDS = 60;

/** Seconds, as https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 has them; a date is nothing that API Gateway sends. */
function retryAfter({ headers }: ApiAnswer): number | undefined {
  const seconds = /^\d{1,4}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) * 1000;
}

/** What of the call may be too old: AWS's session, or the GitHub token that reading keeps. */
function tooOld({ method }: ApiRequest, { status, headers, body }: ApiAnswer): 'session' | 'token' | undefined {
  if (status !== 403) return undefined;
  const problem = Problem.safeParse(body);
  if (problem.success) {
    return method === 'GET' && problem.data.type === `${PROBLEM_BASE}token-refused` ? 'token' : undefined;
  }
  const said = `${headers['x-amzn-errortype'] ?? ''} ${JSON.stringify(body)}`;
  return /ExpiredToken|token.{0,40}expired|signature expired/i.test(said) ? 'session' : undefined;
}
