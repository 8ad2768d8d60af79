/** Calls of the API that were signed and then touched, as nobody's client would send them. */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RunningStack } from '../../local/stack/stack-state.ts';

/** What is wrong with the call. */
export type Tampering = 'unsigned' | 'signature' | 'path' | 'stale' | 'no-token' | 'unknown-key';

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Sends it, signed with the session and touched as told. */
export async function sendSigned(
  { api, region }: RunningStack,
  session: Session,
  sent: Sent,
  tampering?: Tampering,
): Promise<Response> {
  const { method, body } = sent;
  const url = new URL(api + sent.path);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const signer = new SignatureV4({
    service: 'execute-api',
    region,
    sha256: Sha256,
    credentials: { ...session, ...(tampering === 'unknown-key' && { accessKeyId: 'ASIANOBODYHASTHISKEY' }) },
  });
  const request = {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: tampering === 'path' ? url.pathname.replace(sent.path, '/packages') : url.pathname,
    query: {},
    headers: { host: url.host, 'content-type': 'application/json' },
    ...(text !== undefined && { body: text }),
  };
  const anHourAgo = new Date(Date.now() - 3_600_000);
  const { headers } = await signer.sign(request, tampering === 'stale' ? { signingDate: anHourAgo } : {});
  const touched = touch(headers, tampering);
  return await fetch(url, { method, headers: touched, ...(text !== undefined && { body: text }) });
}

function touch(signed: Readonly<Record<string, string>>, tampering?: Tampering): Record<string, string> {
  const { host: _, 'x-amz-security-token': token = '', authorization = '', ...others } = signed;
  if (tampering === 'unsigned') return { 'content-type': 'application/json' };
  const other = (_all: string, name: string, digit: string) => `${name}${digit === '0' ? '1' : '0'}`;
  return {
    ...others,
    ...(tampering !== 'no-token' && { 'x-amz-security-token': token }),
    authorization: tampering === 'signature' ? authorization.replace(/(Signature=)(.)/, other) : authorization,
  };
}
