import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapRole } from '../../domain/aws-auth/map-role.ts';
import type { Tools } from '../install/ensure-tools.ts';
import { freePort } from '../process/free-port.ts';
import { awsAuthConfigMap } from './aws-auth.ts';
import { controlPlaneCertificates } from './control-plane-certificates.ts';
import { type KubeClient, kubeClient } from './kube-client.ts';
import { writeKubeconfigs } from './kubeconfig.ts';
import { startKubelet } from './kubelet.ts';
import { Running } from './running.ts';
import { startApiServer } from './start-api-server.ts';
import { authenticatorUrl, startAuthenticator } from './start-authenticator.ts';
import { startControllers } from './start-controllers.ts';
import { startEtcd } from './start-etcd.ts';
import { PortTaken } from './start-program.ts';
import { startStsFront, stsHosts } from './sts-front.ts';

export interface ClusterOptions {
  /** The EKS name: tokens are signed for it. */
  readonly name: string;
  /** A folder of its own for keys, data and kubeconfigs; made when absent. */
  readonly folder: string;
  readonly tools: Pick<Tools, 'kubernetes' | 'authenticator'>;
  /** MiniStack, whose STS says who signed a token. */
  readonly sts: { readonly endpoint: string };
  readonly region: string;
  /** What `aws-auth` maps from the start; without it there is no such ConfigMap. */
  readonly awsAuth?: readonly MapRole[];
  /** Folder for logs, one file a program; made when absent. */
  readonly logs: string;
}

export interface LocalCluster {
  readonly name: string;
  /** https URL of the API server, on the loopback. */
  readonly server: string;
  /** Base64 of the PEM of its authority, as in `eks:DescribeCluster`. */
  readonly caData: string;
  /** Path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** The programs of this cluster by name, for reports about memory. */
  readonly pids: Readonly<Record<string, number>>;
  /** Settles, with the program's name, when one of them ended without being asked to. */
  readonly broken: Promise<string>;
  stop(): Promise<void>;
}

const ATTEMPTS = 3;

/**
 * Starts a cluster as EKS would have it, on the loopback: real etcd, kube-apiserver, kube-controller-manager and aws-iam-authenticator, and a pretend kubelet.
 * Takes some 5 seconds on two cores. Several may run at once. All of it ends with this process.
 * @throws with the last words of the program that did not start
 */
export async function startCluster(options: ClusterOptions): Promise<LocalCluster> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptStart(options);
    } catch (error: unknown) {
      if (!(error instanceof PortTaken) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function attemptStart(options: ClusterOptions): Promise<LocalCluster> {
  const running = new Running();
  try {
    const cluster = await startParts(options, running);
    return { ...cluster, pids: running.pids(), broken: running.broken, stop: () => running.stop() };
  } catch (error: unknown) {
    await running.stop();
    throw error;
  }
}

async function startParts(
  options: ClusterOptions,
  running: Running,
): Promise<Pick<LocalCluster, 'name' | 'server' | 'caData' | 'kubeconfig'>> {
  const { name, folder, tools, sts, region, awsAuth, logs } = options;
  await Promise.all([mkdir(folder, { recursive: true, mode: 0o700 }), mkdir(logs, { recursive: true })]);
  const hosts = stsHosts(region);
  const certificates = await controlPlaneCertificates(name, join(folder, 'certificates'), hosts);
  const { ca } = certificates;
  const ports = { etcd: await freePort(), apiServer: await freePort(), authenticator: await freePort() };
  const server = `https://127.0.0.1:${ports.apiServer}`;
  const kubeconfigs = await writeKubeconfigs({
    name,
    folder,
    server,
    certificates,
    authenticatorUrl: authenticatorUrl(ports.authenticator),
  });
  const admin = kubeClient({ server, ca, client: certificates.admin });
  running.onStop(async () => admin.close());
  const program = (file: string) => ({
    cluster: name,
    program: join(tools.kubernetes, file),
    folder,
    certificates,
    admin,
    log: join(logs, `${name}-${file}.log`),
  });

  await running.start('etcd', startEtcd({ ...program('etcd'), port: ports.etcd }));
  const apiServer = {
    ...program('kube-apiserver'),
    port: ports.apiServer,
    etcdPort: ports.etcd,
    webhookKubeconfig: kubeconfigs.webhook,
  };
  await running.start('kube-apiserver', startApiServer(apiServer));
  if (awsAuth !== undefined) await createAwsAuth(admin, awsAuth);
  const front = await startStsFront({ endpoint: sts.endpoint, certificate: certificates.stsFront, hosts });
  running.onStop(() => front.close());

  const authenticator = {
    ...program('aws-iam-authenticator'),
    program: tools.authenticator,
    port: ports.authenticator,
    region,
  };
  const kubelet = {
    client: kubeClient({ server, ca, client: certificates.kubelet }),
    certificate: certificates.kubeletServer,
    ca,
    log: join(logs, `${name}-kubelet.log`),
  };
  const all = await Promise.allSettled([
    running.start(
      'kube-controller-manager',
      startControllers({ ...program('kube-controller-manager'), kubeconfig: kubeconfigs.controllers }),
    ),
    running.start(
      'aws-iam-authenticator',
      startAuthenticator({
        ...authenticator,
        kubeconfig: kubeconfigs.authenticator,
        stsProxy: front.proxy,
        mapped: awsAuth !== undefined,
      }),
    ),
    startKubelet(kubelet).then((started) => running.onStop(() => started.stop())),
  ]);
  // Only when all three have settled is everything known that has to be ended.
  for (const part of all) if (part.status === 'rejected') throw part.reason;
  return { name, server, caData: Buffer.from(ca).toString('base64'), kubeconfig: kubeconfigs.admin };
}

async function createAwsAuth(admin: KubeClient, mapRoles: readonly MapRole[]): Promise<void> {
  const { status, body } = await admin.call(
    'POST',
    '/api/v1/namespaces/kube-system/configmaps',
    awsAuthConfigMap(mapRoles),
  );
  if (status !== 201) throw new Error(`aws-auth could not be made: status ${status}: ${JSON.stringify(body)}`);
}
