import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import * as z from 'zod';
import { type KubeClient, kubeClient } from '../../local/cluster/kube-client.ts';
import type { StackCluster } from '../../local/stack/stack-state.ts';

const Kubeconfig = z.object({
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }),
  ]),
});
type Cluster = Pick<z.infer<typeof StackCluster>, 'server' | 'caData' | 'kubeconfig'>;
const pem = (data: string) => Buffer.from(data, 'base64').toString();

/** The API server as the admin of the cluster's kubeconfig. */
export async function asAdmin({ server, caData, kubeconfig }: Cluster): Promise<KubeClient> {
  const { users } = Kubeconfig.parse(parse(await readFile(kubeconfig, 'utf8')));
  const { user } = users[0];
  const client = { cert: pem(user['client-certificate-data']), key: pem(user['client-key-data']) };
  return kubeClient({ server, ca: pem(caData), client });
}

const Review = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()) }) }),
});

/** Who the API server takes the bearer of a token for; `refused` when for nobody. */
export async function whoIs(
  { server, caData }: Omit<Cluster, 'kubeconfig'>,
  token: string,
): Promise<{ username: string; groups: string[] } | 'refused'> {
  const agent = new Agent({ ca: pem(caData) });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const asked = request(
    `${server}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
    { agent, method: 'POST', headers },
    async (answer) => {
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(await answer.toArray()).toString() });
    },
  );
  asked.once('error', reject);
  asked.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }));
  const { status, text } = await promise.finally(() => agent.destroy());
  if (status === 401) return 'refused';
  return Review.parse(JSON.parse(text)).status.userInfo;
}
