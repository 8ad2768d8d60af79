import { createWriteStream } from 'node:fs';
import { VERSIONS } from '../install/versions.ts';
import type { Certificate } from '../tls/authority.ts';
import { type Follower, follow } from './follow.ts';
import type { KubeClient, KubeMethod } from './kube-client.ts';
import { NODE_NAME, pretendNode } from './kubelet-node.ts';
import { KubeletPods } from './kubelet-pods.ts';
import { startKubeletServer } from './kubelet-server.ts';
import { kubeletServices } from './kubelet-services.ts';
import { kubeletVolumes, STORAGE_CLASSES, storageClass } from './kubelet-volumes.ts';

export interface KubeletOptions {
  /** As a user who may do everything. Closed with the kubelet. */
  readonly client: KubeClient;
  readonly certificate: Certificate;
  /** PEM of the cluster's authority. */
  readonly ca: string;
  /** File for what went wrong, appended. */
  readonly log: string;
}

export interface Kubelet {
  stop(): Promise<void>;
}

/**
 * Plays what a cluster has besides its control plane: scheduler, one node with its kubelet, a provisioner of volumes, a cloud's load balancers. Nothing runs;
 * statuses, events and logs are written as if it did. The label or annotation `fairlead.dev/pretend`, or an image's tag, makes a pod fail (`kubelet-pod.ts`).
 */
export async function startKubelet({ client, certificate, ca, log }: KubeletOptions): Promise<Kubelet> {
  const output = createWriteStream(log, { flags: 'a' });
  const onTrouble = (text: string) => output.write(`${new Date().toISOString()} ${text}\n`);
  const pods = new KubeletPods(client, onTrouble);
  const server = await startKubeletServer({ certificate, ca, find: (namespace, name) => pods.find(namespace, name) });
  try {
    await must(client, {
      status: 201,
      method: 'POST',
      path: '/api/v1/nodes',
      body: pretendNode(server.port, VERSIONS.kubernetes, new Date()),
    });
    // Admission taints every new node as not ready, and the controller that would take the taint away is not started.
    await must(client, {
      status: 200,
      method: 'PATCH',
      path: `/api/v1/nodes/${NODE_NAME}`,
      body: { spec: { taints: null } },
    });
    for (const name of STORAGE_CLASSES)
      await must(client, {
        status: 201,
        method: 'POST',
        path: '/apis/storage.k8s.io/v1/storageclasses',
        body: storageClass(name),
      });
  } catch (error: unknown) {
    await server.close();
    throw error;
  }
  const stopping = new AbortController();
  const following = [
    ['/api/v1/pods', pods],
    ['/api/v1/persistentvolumeclaims', kubeletVolumes(client, onTrouble)],
    ['/api/v1/services', kubeletServices(client, onTrouble)],
  ] satisfies [string, Follower][];
  const loops = following.map(([path, follower]) => follow(client, path, follower, stopping.signal, onTrouble));
  return {
    async stop() {
      stopping.abort();
      pods.stop();
      await Promise.all([...loops, server.close()]);
      client.close();
      output.end();
    },
  };
}

interface Wanted {
  readonly status: number;
  readonly method: KubeMethod;
  readonly path: string;
  readonly body: unknown;
}

async function must(client: KubeClient, { status, method, path, body }: Wanted): Promise<void> {
  const answer = await client.call(method, path, body);
  if (answer.status !== status)
    throw new Error(`${method} ${path}: status ${answer.status}: ${JSON.stringify(answer.body)}`);
}
