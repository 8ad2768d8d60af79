import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, newAuthority } from '../tls/authority.ts';

/** Everything that the processes of one cluster prove themselves with. Paths are PEM files that only this user may read. */
export interface ControlPlaneCertificates {
  /** PEM of the cluster's authority. */
  readonly ca: string;
  readonly caFile: string;
  readonly apiServer: CertificateFiles;
  /** What the API server shows to the kubelet. */
  readonly kubeletClient: CertificateFiles;
  /** Signs and checks tokens of service accounts. */
  readonly serviceAccounts: { readonly publicFile: string; readonly privateFile: string };
  readonly authenticator: CertificateFiles;
  /** For requests to STS hosts that the front answers. */
  readonly stsFront: Certificate;
  readonly kubeletServer: Certificate;
  /** Clients. The first three may do everything, which is for this stack's own machinery and for the user's admin kubeconfig. */
  readonly admin: Certificate;
  readonly kubelet: Certificate;
  readonly authenticatorClient: Certificate;
  readonly controllers: Certificate;
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** The group that RBAC never asks. Here for the stack's own parts; what rolls out never gets it (`design.md` section 9). */
const MASTERS = 'system:masters';
const LOOPBACK = ['127.0.0.1', 'localhost'];
const SERVICE_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.0.0.1',
];

/**
 * A new authority for a cluster, and its certificates in `folder`.
 * @param stsHosts names of STS that tokens may be presigned for.
 */
export async function controlPlaneCertificates(
  name: string,
  folder: string,
  stsHosts: readonly string[],
): Promise<ControlPlaneCertificates> {
  const authority = newAuthority(`fairlead local cluster ${name}`, new Date());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const write = async (file: string, text: string) => {
    const path = join(folder, file);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const files = async (stem: string, { cert, key }: Certificate): Promise<CertificateFiles> => ({
    cert: await write(`${stem}.pem`, cert),
    key: await write(`${stem}.key`, key),
  });
  // RSA, because RS256 is the algorithm that every reader of service account tokens knows.
  const accounts = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    ca: authority.ca,
    caFile: await write('ca.pem', authority.ca),
    apiServer: await files(
      'api-server',
      authority.issue({ name: 'kube-apiserver', hosts: [...LOOPBACK, ...SERVICE_NAMES] }),
    ),
    kubeletClient: await files('kubelet-client', authority.issue({ name: 'kube-apiserver-kubelet-client' })),
    serviceAccounts: {
      publicFile: await write('service-accounts.pub', accounts.publicKey),
      privateFile: await write('service-accounts.key', accounts.privateKey),
    },
    // The names are aws-iam-authenticator's: cert.pem and key.pem of its --state-dir are taken as they are when they exist.
    authenticator: await authenticatorFiles(
      folder,
      authority.issue({ name: 'aws-iam-authenticator', hosts: LOOPBACK }),
    ),
    stsFront: authority.issue({ name: 'sts', hosts: stsHosts }),
    kubeletServer: authority.issue({ name: 'kubelet', hosts: LOOPBACK }),
    admin: authority.issue({ name: 'fairlead-local-admin', group: MASTERS }),
    kubelet: authority.issue({ name: 'fairlead-pretend-kubelet', group: MASTERS }),
    authenticatorClient: authority.issue({ name: 'aws-iam-authenticator', group: MASTERS }),
    controllers: authority.issue({ name: 'system:kube-controller-manager' }),
  };
}

async function authenticatorFiles(folder: string, { cert, key }: Certificate): Promise<CertificateFiles> {
  const state = join(folder, 'authenticator');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const files = { cert: join(state, 'cert.pem'), key: join(state, 'key.pem') };
  await writeFile(files.cert, cert, { mode: 0o600 });
  await writeFile(files.key, key, { mode: 0o600 });
  return files;
}
