import { join } from 'node:path';
import type { Child } from '../process/start-child.ts';
import type { ControlPlaneCertificates } from './control-plane-certificates.ts';
import type { KubeClient } from './kube-client.ts';
import { programFlags } from './program-flags.ts';
import { startProgram } from './start-program.ts';

export interface ApiServerOptions {
  readonly cluster: string;
  /** Path of kube-apiserver. */
  readonly program: string;
  readonly folder: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly certificates: ControlPlaneCertificates;
  /** The kubeconfig of the token webhook: whom to ask about EKS tokens. */
  readonly webhookKubeconfig: string;
  readonly log: string;
  /** An admin, to ask whether it is ready. */
  readonly admin: KubeClient;
}

const DEADLINE_MS = 60_000;
/** How long an identity, or a refusal, is believed. EKS takes minutes; people and tests here take the entry away and look. */
const TOKEN_CACHE = '2s';

/** A real kube-apiserver on the loopback, with TLS, RBAC and the EKS token webhook. @throws PortTaken, or with its last words */
export async function startApiServer(options: ApiServerOptions): Promise<Child> {
  const { cluster, program, folder, log, admin } = options;
  return await startProgram({
    name: `kube-apiserver of ${cluster}`,
    command: program,
    args: apiServerFlags(options),
    env: { HOME: folder },
    cwd: folder,
    log,
    deadlineMs: DEADLINE_MS,
    ready: async () => (await admin.call('GET', '/readyz')).status === 200,
  });
}

/** https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ */
function apiServerFlags({ folder, port, etcdPort, certificates, webhookKubeconfig }: ApiServerOptions): string[] {
  const { apiServer, caFile, kubeletClient, serviceAccounts } = certificates;
  return programFlags({
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': port,
    'etcd-servers': `http://127.0.0.1:${etcdPort}`,
    'cert-dir': join(folder, 'api-server'),
    'tls-cert-file': apiServer.cert,
    'tls-private-key-file': apiServer.key,
    'client-ca-file': caFile,
    'kubelet-certificate-authority': caFile,
    'kubelet-client-certificate': kubeletClient.cert,
    'kubelet-client-key': kubeletClient.key,
    'kubelet-preferred-address-types': 'InternalIP',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': serviceAccounts.publicFile,
    'service-account-signing-key-file': serviceAccounts.privateFile,
    'authorization-mode': 'RBAC',
    'authentication-token-webhook-config-file': webhookKubeconfig,
    'authentication-token-webhook-cache-ttl': TOKEN_CACHE,
    // A /16 instead of the customary /24: 1,000 releases with a service each must fit.
    'service-cluster-ip-range': '10.0.0.0/16',
    // Endpoints of the service `kubernetes` may not be on the loopback, and nothing here uses them.
    'endpoint-reconciler-type': 'none',
    'allow-privileged': true,
    profiling: false,
  });
}
