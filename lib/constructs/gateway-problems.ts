import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ProblemType, problem } from '../../contracts/api/problem.ts';

interface GatewayProblem {
  readonly type: ResponseType;
  readonly problem: ProblemType;
  readonly detail: string;
  /** Members beside those of every problem (RFC 9457 section 3.2). @default none */
  readonly more?: Readonly<Record<string, string>>;
}

const SIGN =
  'sign the call with AWS Signature Version 4 for service execute-api, with credentials that have not expired';
const ROLE =
  'this identity may not make this call: use a session of a source, operator or reader role; a source role reaches its own packages only';

/** What API Gateway refuses by itself, before any code of ours runs. Its own words are left out: they differ by cause and tell little. */
const GATEWAY_PROBLEMS: readonly GatewayProblem[] = [
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    problem: 'unauthenticated',
    detail: `the call is not signed, or there is no such route: ${SIGN}, and compare method and path with the API reference`,
  },
  { type: ResponseType.INVALID_SIGNATURE, problem: 'unauthenticated', detail: `the signature is wrong: ${SIGN}` },
  { type: ResponseType.EXPIRED_TOKEN, problem: 'unauthenticated', detail: `the session has expired: ${SIGN}` },
  { type: ResponseType.UNAUTHORIZED, problem: 'unauthenticated', detail: `nobody is known to have signed: ${SIGN}` },
  { type: ResponseType.ACCESS_DENIED, problem: 'forbidden', detail: ROLE },
  {
    type: ResponseType.THROTTLED,
    problem: 'too-many-requests',
    detail: 'too many calls at once: wait a second and try again',
  },
  { type: ResponseType.REQUEST_TOO_LARGE, problem: 'too-large', detail: 'a body may have 200 KB: send fewer values' },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    problem: 'unavailable',
    detail: 'no answer within 29 seconds: try again; a start is safe to repeat with the same Idempotency-Key',
  },
  {
    type: ResponseType.INTEGRATION_FAILURE,
    problem: 'unavailable',
    detail: 'Fairlead did not answer: try again; a start is safe to repeat with the same Idempotency-Key',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    problem: 'internal',
    detail: 'Fairlead made a mistake: tell the person on call the instance',
  },
];

const UNCHECKED = 'the token of GitHub could not be checked, so nothing was accepted: try again in a moment';

/** Where a token of GitHub can admit, too. Here 401 means that a fresh one would do: fasit-deploy asks GitHub again at each. */
const TOKEN_PROBLEMS: readonly GatewayProblem[] = [
  {
    type: ResponseType.UNAUTHORIZED,
    problem: 'token-needed',
    detail: "no token of GitHub came along, or it has ended: send a fresh one as 'Authorization: Bearer …'",
  },
  { type: ResponseType.AUTHORIZER_FAILURE, problem: 'unavailable', detail: UNCHECKED },
  { type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR, problem: 'unavailable', detail: UNCHECKED },
  {
    type: ResponseType.ACCESS_DENIED,
    problem: 'forbidden',
    detail: `${ROLE}; for why a token of GitHub was refused, see 'because'`,
    // Empty for whoever came without a token. Texts are put in as they are: the authorizer takes quotes out of them.
    more: { because: '$context.authorizer.because' },
  },
];

/** Gives what the gateway itself refuses the same shape as our own refusals: RFC 9457 problem details. */
export function addGatewayProblems(api: RestApi, { tokens }: { readonly tokens: boolean }): void {
  const own = tokens ? TOKEN_PROBLEMS : [];
  const others = GATEWAY_PROBLEMS.filter((problem) => !own.some(({ type }) => type === problem.type));
  for (const { type, problem: kind, detail, more } of [...others, ...own]) {
    const body = { ...problem(kind, detail, { instance: '$context.requestId' }), ...more };
    api.addGatewayResponse(`Problem${type.responseType}`, {
      type,
      statusCode: String(body.status),
      responseHeaders: { 'Content-Type': "'application/problem+json'" },
      templates: { 'application/json': JSON.stringify(body) },
    });
  }
}
