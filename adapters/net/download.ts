/** One file from a server that somebody else named: bounded in size, time and redirects, by TLS, and from public addresses only. */
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { isPublicAddress, NotPublic, publicLookup } from './public-address.ts';

export interface DownloadProps {
  /** Plain HTTP, and addresses of our own: local stacks and sandboxes only. */
  readonly plainHttp: boolean;
  readonly maxBytes: number;
  /** For everything, redirects included. */
  readonly timeoutMs: number;
}

export type Downloaded =
  | { readonly is: 'found'; readonly body: Uint8Array }
  /** `because` names no query: it may be signed. */
  | { readonly is: 'missing' | 'refused' | 'unreachable' | 'too-large'; readonly because: string };

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** Never throws for what the other side does. Nothing of ours is sent along. */
export async function download(from: string, props: DownloadProps): Promise<Downloaded> {
  const signal = AbortSignal.timeout(props.timeoutMs);
  let url = URL.parse(from);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const refusal = url === null ? 'it is no URL' : whyNot(url, props);
    if (url === null || refusal !== undefined)
      return { is: 'refused', because: `${shown(url) || from} is not asked: ${refusal}` };
    try {
      const answer = await once(url, props, signal);
      if ('is' in answer) return answer;
      url = URL.parse(answer.location, url.href);
    } catch (error) {
      if (error instanceof NotPublic) return { is: 'refused', because: `${shown(url)} is not asked: ${error.message}` };
      return { is: 'unreachable', because: `${shown(url)} does not answer: ${reasonOf(error, signal)}` };
    }
  }
  return { is: 'refused', because: `${shown(URL.parse(from))} sends us on and on` };
}

function whyNot({ protocol, hostname, username }: URL, { plainHttp }: DownloadProps): string | undefined {
  if (username !== '') return 'a name and password do not belong into a URL';
  if (protocol !== 'https:' && !(plainHttp && protocol === 'http:')) return 'TLS only';
  return plainHttp || isPublicAddress(hostname) ? undefined : 'it is no public address';
}

type Step = Downloaded | { readonly location: string };

async function once(url: URL, { plainHttp, maxBytes }: DownloadProps, signal: AbortSignal): Promise<Step> {
  const response = await open(url, plainHttp, signal);
  const { statusCode = 0, headers } = response;
  if (REDIRECTS.includes(statusCode) && headers.location !== undefined) {
    response.destroy();
    return { location: headers.location };
  }
  if (statusCode !== 200) {
    response.destroy();
    return refusalOf(statusCode, url);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > maxBytes) {
      response.destroy();
      return { is: 'too-large', because: `${shown(url)} is larger than ${maxBytes} bytes` };
    }
    chunks.push(chunk);
  }
  return { is: 'found', body: Buffer.concat(chunks) };
}

function open(url: URL, plainHttp: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getSecure : getPlain;
  const options = { signal, agent: false, headers: { accept: '*/*', 'user-agent': 'fairlead' } } as const;
  return new Promise((resolve, reject) => {
    get(url, { ...options, ...(!plainHttp && { lookup: publicLookup() }) }, resolve).on('error', reject);
  });
}

function refusalOf(status: number, url: URL): Downloaded {
  const because = `${shown(url)} answered ${status}`;
  if (status === 404 || status === 410) return { is: 'missing', because };
  return { is: status >= 500 || status === 429 ? 'unreachable' : 'refused', because };
}

const shown = (url: URL | null) => (url === null ? '' : `${url.origin}${url.pathname}`);

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'its time is over';
  return error instanceof Error ? error.message || error.name : String(error);
}
