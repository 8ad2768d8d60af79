/** Signed calls of the API: SigV4 for `execute-api`, tried again where that is safe. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import {
  type ApiAnswer,
  type ApiClient,
  type ApiRequest,
  ApiUnreachable,
  CredentialsMissing,
} from '../../contracts/api/client.ts';
import type { Patience } from '../../domain/commit.ts';
import { fullJitter } from '../full-jitter.ts';
import { reasonOf } from '../reason-of.ts';

export interface SignedClientProps {
  /** Base URL of the API, stage included. */
  readonly endpoint: string;
  readonly region: string;
  /** Asked for every call, so that what expires is renewed. */
  readonly credentials: AwsCredentialIdentityProvider;
  /** Longest time for one try; the API itself holds an answer for at most 29 s. @default 35_000 */
  readonly timeoutMilliseconds?: number;
  readonly patience?: Patience;
}

const PATIENCE = { tries: 5, baseMilliseconds: 200, capMilliseconds: 5_000 };
/** Worth another try: overload and trouble behind API Gateway. https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const AGAIN = [429, 500, 502, 503, 504];

/**
 * The port `ApiClient` over fetch. Network errors, 429 and 5xx are tried again with full jitter when the call changes
 * nothing or is safe to repeat (GET, PUT, DELETE, or a POST with an idempotency key); other 4xx never.
 */
export function signedClient(props: SignedClientProps): ApiClient {
  const { patience = fullJitter(PATIENCE) } = props;
  return {
    async call(request) {
      const tries = isRepeatable(request) ? patience.tries : 1;
      for (let attempt = 1; ; attempt++) {
        const answer = await send(props, request).catch((error: unknown) => failure(error, request, props.endpoint));
        const final = attempt >= tries || request.signal?.aborted;
        if (!(answer instanceof ApiUnreachable) && (final || !AGAIN.includes(answer.status))) return answer;
        if (answer instanceof ApiUnreachable && final) throw answer;
        await patience.pause(attempt);
      }
    },
  };
}

const isRepeatable = ({ method, headers = {} }: ApiRequest) => method !== 'POST' || 'idempotency-key' in headers;

async function send(props: SignedClientProps, request: ApiRequest): Promise<ApiAnswer> {
  const { method, signal } = request;
  const url = new URL(`${props.endpoint.replace(/\/$/, '')}${request.path}`);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = await signed(props, request, url, body);
  const timeout = AbortSignal.timeout(props.timeoutMilliseconds ?? 35_000);
  const response = await fetch(url, {
    method,
    headers,
    // The API sends nobody elsewhere. fetch would go, and take GitHub's and the session's token along.
    redirect: 'manual',
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    ...(body !== undefined && { body }),
  });
  return {
    status: response.status,
    body: parsed(await response.text()),
    headers: Object.fromEntries(response.headers),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
async function signed(props: SignedClientProps, request: ApiRequest, url: URL, body: string | undefined) {
  const credentials = await credentialsOf(props);
  const signer = new SignatureV4({ service: 'execute-api', region: props.region, sha256: Sha256, credentials });
  const { headers } = await signer.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: queryOf(url),
    headers: {
      host: url.host,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body !== undefined && { body }),
  });
  const { host: _, ...sent } = headers;
  return sent;
}

/** A parameter that is given several times is signed as often. */
function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
}

async function credentialsOf({ credentials }: SignedClientProps): Promise<AwsCredentialIdentity> {
  try {
    return await credentials();
  } catch (error: unknown) {
    const because = error instanceof Error ? error.message : String(error);
    throw new CredentialsMissing(`no AWS credentials to sign with: ${because}`, { cause: error });
  }
}

function failure(error: unknown, { signal }: ApiRequest, endpoint: string): ApiUnreachable {
  if (error instanceof CredentialsMissing || signal?.aborted) throw error;
  return new ApiUnreachable(`${endpoint} does not answer: ${reasonOf(error)}`, { cause: error });
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
