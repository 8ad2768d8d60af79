/**
 * The token that EKS's API servers and aws-iam-authenticator take for an IAM identity: a presigned
 * `sts:GetCallerIdentity` with the cluster's name among the signed headers, so that it is worth nothing at another
 * cluster (https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster).
 */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../../domain/ports.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface EksTokenProps {
  /** The cluster's name, signed as `x-k8s-aws-id`. */
  readonly cluster: string;
  readonly region: string;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly now: Clock;
}

/** Tokens are taken for 15 minutes after their signing, whatever `X-Amz-Expires` says; we renew well before. */
const RENEW_AFTER_MS = 10 * 60_000;

/** Gives the current token; makes a new one every 10 minutes. Tokens are kept in memory only. */
export function eksToken(props: EksTokenProps): () => Promise<string> {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  return async () => {
    const now = props.now();
    if (held === undefined || now.getTime() >= held.renewAt) {
      held = { token: await signedToken(props, now), renewAt: now.getTime() + RENEW_AFTER_MS };
    }
    return held.token;
  };
}

async function signedToken({ cluster, region, credentials }: EksTokenProps, now: Date): Promise<string> {
  const signer = new SignatureV4({ service: 'sts', region, sha256: Sha256, credentials: await credentials() });
  const host = `sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: 60, signingDate: now, unhoistableHeaders: new Set(['x-k8s-aws-id']) },
  );
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  return `k8s-aws-v1.${Buffer.from(`https://${host}/?${query}`).toString('base64url')}`;
}
