/**
 * Talking to one OCI registry (https://github.com/opencontainers/distribution-spec/blob/main/spec.md): bounded
 * answers, a time limit, and whoever asks for a login gets one. What goes wrong is a value.
 */
import * as z from 'zod';

export interface RegistryProps {
  /** Plain HTTP instead of TLS: local stacks and sandboxes only. */
  readonly plainHttp: boolean;
  /** `Basic` credentials for hosts that need them from the first call on (ECR); undefined for all others. */
  readonly basicFor: (host: string) => Promise<string | undefined>;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

export type RegistryAnswer =
  | { readonly is: 'found'; readonly body: Uint8Array; readonly mediaType: string }
  | { readonly is: 'missing'; readonly because: string }
  | { readonly is: 'refused' | 'unreachable' | 'too-large'; readonly because: string };

export interface RegistryRequest {
  readonly host: string;
  /** Below `/v2/`. */
  readonly path: string;
  readonly accept: string;
  readonly maxBytes: number;
}

/** One GET, logged in when the registry asks for it (https://distribution.github.io/distribution/spec/auth/token/). */
export async function getFromRegistry(props: RegistryProps, request: RegistryRequest): Promise<RegistryAnswer> {
  try {
    const basic = await props.basicFor(request.host);
    const first = await get(props, request, basic === undefined ? undefined : `Basic ${basic}`);
    if (first.status !== 401) return await read(first, request);
    const bearer = await anonymousToken(props, first.headers.get('www-authenticate') ?? '');
    await first.body?.cancel();
    if (bearer === undefined) return { is: 'refused', because: `${request.host} wants a login that we do not have` };
    return await read(await get(props, request, `Bearer ${bearer}`), request);
  } catch (error) {
    if (error instanceof NotFollowed) return { is: 'refused', because: error.message };
    // `fetch` throws TypeError for what the network does and DOMException for the time limit; the cause says what.
    return { is: 'unreachable', because: `${request.host} does not answer: ${reason(error)}` };
  }
}

function get(props: RegistryProps, { host, path, accept }: RegistryRequest, authorization?: string) {
  const url = new URL(`${props.plainHttp ? 'http' : 'https'}://${host}/v2/${path}`);
  return follow(props, url, { accept, ...(authorization !== undefined && { authorization }) });
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 5;

/** A registry sends us to where we do not go. */
class NotFollowed extends Error {
  override readonly name = 'NotFollowed';
}

/** Registries keep layers elsewhere and send us there (ECR to S3). Our login is for the registry alone. @throws NotFollowed */
async function follow(props: RegistryProps, from: URL, headers: Record<string, string>): Promise<Response> {
  const signal = AbortSignal.timeout(props.timeoutMs);
  let url = from;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const { authorization: _, ...forOthers } = headers;
    const sent = url.origin === from.origin ? headers : forOthers;
    const response = await props.fetch(url, { headers: sent, signal, redirect: 'manual' });
    const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next === null || !mayAsk(props, next)) {
      throw new NotFollowed(`${from.host} sends us to ${next?.origin ?? 'nowhere'}, which is not asked: TLS only`);
    }
    url = next;
  }
  throw new NotFollowed(`${from.host} sends us on and on`);
}

/** A registry may not send us to plain HTTP, behind which are the runtime's own doors, unless we came by plain HTTP; nor to a file. */
const mayAsk = ({ plainHttp }: RegistryProps, { protocol }: URL) =>
  protocol === 'https:' || (plainHttp && protocol === 'http:');

async function read(response: Response, { host, path, maxBytes }: RegistryRequest): Promise<RegistryAnswer> {
  if (!response.ok) {
    await response.body?.cancel();
    return refusal(response.status, host, path);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return { is: 'too-large', because: `${host}/${path} is larger than ${maxBytes} bytes` };
    chunks.push(chunk);
  }
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  return { is: 'found', body: Buffer.concat(chunks), mediaType };
}

function refusal(status: number, host: string, path: string): RegistryAnswer {
  if (status === 404) return { is: 'missing', because: `${host} has no ${path}` };
  if (status === 401 || status === 403) {
    return { is: 'refused', because: `${host} answered ${status} for ${path}: allow the deployer to pull it` };
  }
  return { is: 'unreachable', because: `${host} answered ${status} for ${path}` };
}

const TokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

async function anonymousToken(props: RegistryProps, challenge: string): Promise<string | undefined> {
  if (!/^bearer /i.test(challenge)) return undefined;
  const asked = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = asked.get('realm');
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  if (!mayAsk(props, url)) return undefined;
  for (const name of ['service', 'scope']) {
    const value = asked.get(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const response = await follow(props, url, {});
  if (!response.ok) return undefined;
  const answer = TokenAnswer.safeParse(await response.json()).data;
  return answer?.token ?? answer?.access_token;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
