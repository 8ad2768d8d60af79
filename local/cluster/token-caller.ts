/**
 * Who holds a token for a cluster, found out as aws-iam-authenticator does: the token is a presigned question to STS, which is asked and says who signed it
 * (https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/master/pkg/token/token.go, `Verify`).
 */
import { request } from 'node:http';
import { stsHosts } from './sts-front.ts';
import { callerIdentityJson, stsErrorJson } from './sts-json.ts';

export interface TokenCallerProps {
  /** http URL of the STS that is asked: MiniStack's. */
  readonly endpoint: string;
  /** The cluster that tokens must be signed for. */
  readonly cluster: string;
  /** Tokens name the STS of this region. */
  readonly region: string;
  readonly now: () => Date;
}

export type TokenAnswer =
  /** `arn` is that of the session: `arn:aws:sts::000000000000:assumed-role/fairlead-deployer/name`. */
  | { readonly known: true; readonly arn: string }
  /** Never holds the token. */
  | { readonly known: false; readonly because: string };

export type TokenCaller = (token: string) => Promise<TokenAnswer>;

const PREFIX = 'k8s-aws-v1.';
const LONGEST_TOKEN = 4096;
const LIVES_MS = 15 * 60_000;
const STS_TIMEOUT_MS = 8_000;

/** Whatever else a URL may say is not part of the question. Lower case. */
const PARAMETERS = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
  'x-amz-user-agent',
]);

/** Judges the question before STS is asked, so that a token can make us ask nothing else of nobody else. @throws when STS does not answer */
export function tokenCaller(props: TokenCallerProps): TokenCaller {
  return async (token) => {
    const question = questionIn(token, props);
    return 'because' in question ? { known: false, because: question.because } : await ask(props, question.url);
  };
}

function questionIn(token: string, props: TokenCallerProps): { readonly url: URL } | { readonly because: string } {
  if (token.length > LONGEST_TOKEN) return { because: `the token has more than ${LONGEST_TOKEN} characters` };
  if (!token.startsWith(PREFIX)) return { because: `the token does not begin with ${PREFIX}` };
  const text = Buffer.from(token.slice(PREFIX.length), 'base64url').toString();
  if (!URL.canParse(text)) return { because: 'the token holds no URL' };
  const url = new URL(text);
  const because = wrongWith(url, props);
  return because === undefined ? { url } : { because };
}

function wrongWith(url: URL, { region, now }: TokenCallerProps): string | undefined {
  if (url.protocol !== 'https:' || !stsHosts(region).includes(url.host) || url.username !== '') {
    return `the token asks ${url.protocol}//${url.host}, not the STS of ${region}`;
  }
  if (url.pathname !== '/' || url.hash !== '') return 'the token asks for another path of STS';
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  const strange = names.find((name, i) => !PARAMETERS.has(name) || names.indexOf(name) !== i);
  if (strange !== undefined) return `the token says '${strange}', which is not part of the question, or says it twice`;
  if (said(url, 'action') !== 'GetCallerIdentity') return 'the token asks STS for something else';
  if (!said(url, 'x-amz-signedheaders').toLowerCase().split(';').includes('x-k8s-aws-id')) {
    return 'the token is signed for no cluster';
  }
  return wrongTime(url, now());
}

function wrongTime(url: URL, now: Date): string | undefined {
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(said(url, 'x-amz-date'));
  if (stamp === null) return 'the token does not say when it was signed';
  const [, year, month, day, hour, minute, second] = stamp;
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(signed + LIVES_MS > now.getTime())) return 'the token is older than 15 minutes';
  const expires = said(url, 'x-amz-expires');
  return /^\d{1,3}$/.test(expires) && Number(expires) <= 900
    ? undefined
    : 'the token wants to live longer than 15 minutes';
}

const said = (url: URL, wanted: string) =>
  [...url.searchParams].find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';

/** The host and the cluster are headers, as they were signed: a token for another cluster has another signature. */
async function ask({ endpoint, cluster }: TokenCallerProps, url: URL): Promise<TokenAnswer> {
  const { hostname: host, port } = new URL(endpoint);
  const answer = Promise.withResolvers<TokenAnswer>();
  const headers = { host: url.host, 'x-k8s-aws-id': cluster };
  const asked = request({ host, port, path: `/${url.search}`, headers, timeout: STS_TIMEOUT_MS });
  asked.once('timeout', () => asked.destroy(new Error(`STS gave no answer in ${STS_TIMEOUT_MS / 1000} s`)));
  asked.once('error', answer.reject);
  asked.once('response', (answered) => {
    answered
      .toArray()
      .then((parts) => answer.resolve(read(answered.statusCode ?? 0, Buffer.concat(parts).toString())))
      .catch(answer.reject);
  });
  asked.end();
  return await answer.promise;
}

function read(status: number, xml: string): TokenAnswer {
  const arn = callerIdentityJson(xml)?.GetCallerIdentityResponse.GetCallerIdentityResult.Arn;
  if (status === 200 && arn !== undefined) return { known: true, arn };
  return { known: false, because: `STS refuses the token: ${stsErrorJson(xml).Error.Code}` };
}
