import type { Child } from '../process/start-child.ts';
import type { ControlPlaneCertificates } from './control-plane-certificates.ts';
import type { KubeClient } from './kube-client.ts';
import { programFlags } from './program-flags.ts';
import { startProgram } from './start-program.ts';

export interface ControllersOptions {
  readonly cluster: string;
  /** Path of kube-controller-manager. */
  readonly program: string;
  readonly folder: string;
  /** Path of a kubeconfig as system:kube-controller-manager. */
  readonly kubeconfig: string;
  readonly certificates: ControlPlaneCertificates;
  readonly log: string;
  readonly admin: KubeClient;
}

const DEADLINE_MS = 60_000;

/** What a release needs. Left out: whatever looks after machines, clouds and certificates, which are pretended here. */
const CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemonset-controller',
  'deployment-controller',
  'disruption-controller',
  'endpointslice-controller',
  'endpoints-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'persistentvolume-binder-controller',
  'persistentvolume-protection-controller',
  'persistentvolumeclaim-protection-controller',
  'pod-garbage-collector-controller',
  'replicaset-controller',
  'replicationcontroller-controller',
  'resourcequota-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'statefulset-controller',
  'ttl-after-finished-controller',
];

/** A real kube-controller-manager: Deployments get ReplicaSets, ReplicaSets get Pods, Jobs finish, namespaces empty themselves. @throws with its last words */
export async function startControllers(options: ControllersOptions): Promise<Child> {
  const { cluster, program, folder, kubeconfig, certificates, log, admin } = options;
  return await startProgram({
    name: `kube-controller-manager of ${cluster}`,
    command: program,
    args: programFlags({
      kubeconfig,
      controllers: CONTROLLERS.join(','),
      'use-service-account-credentials': true,
      'service-account-private-key-file': certificates.serviceAccounts.privateFile,
      'root-ca-file': certificates.caFile,
      'leader-elect': false,
      // It needs no port of its own: that it works shows in what it makes.
      'secure-port': 0,
      // The defaults of 20 and 30 a second are for clusters that others use too.
      'kube-api-qps': 200,
      'kube-api-burst': 400,
      profiling: false,
    }),
    env: { HOME: folder },
    cwd: folder,
    log,
    deadlineMs: DEADLINE_MS,
    // The first thing it makes; pods are refused until it is there.
    ready: async () => (await admin.call('GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
  });
}
