import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Certificate } from '../tls/authority.ts';
import type { ControlPlaneCertificates } from './control-plane-certificates.ts';

export interface KubeconfigOptions {
  /** Name of cluster and context. */
  readonly name: string;
  readonly server: string;
  /** PEM of the authority of the server's certificate. */
  readonly ca: string;
  /** Who calls; without, the server is called as nobody (a webhook's kubeconfig). */
  readonly client?: Certificate;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The text of a kubeconfig with everything in it, no paths. https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export function kubeconfig({ name, server, ca, client }: KubeconfigOptions): string {
  const identity = client === undefined ? {} : credentials(client);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user: identity }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}

const credentials = ({ cert, key }: Certificate) => ({
  'client-certificate-data': base64(cert),
  'client-key-data': base64(key),
});

export interface KubeconfigPlaces {
  readonly name: string;
  readonly folder: string;
  readonly server: string;
  readonly certificates: ControlPlaneCertificates;
  /** Where the API server asks about tokens. */
  readonly authenticatorUrl: string;
}

/** Writes a cluster's kubeconfigs into its folder, for this user's eyes only, and answers their paths. */
export async function writeKubeconfigs({ name, folder, server, certificates, authenticatorUrl }: KubeconfigPlaces) {
  const { ca, admin, controllers, authenticatorClient } = certificates;
  const write = async (file: string, text: string) => {
    const path = join(folder, file);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  return {
    admin: await write('kubeconfig', kubeconfig({ name, server, ca, client: admin })),
    controllers: await write('controllers.kubeconfig', kubeconfig({ name, server, ca, client: controllers })),
    authenticator: await write(
      'authenticator.kubeconfig',
      kubeconfig({ name, server, ca, client: authenticatorClient }),
    ),
    webhook: await write(
      'webhook.kubeconfig',
      kubeconfig({ name: 'aws-iam-authenticator', server: authenticatorUrl, ca }),
    ),
  };
}
