import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Follower } from './follow.ts';
import type { KubeClient } from './kube-client.ts';

const Service = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), uid: z.string() }),
  spec: z.object({ type: z.string().optional() }),
  status: z
    .object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).default([]) }).default({ ingress: [] }) })
    .optional(),
});

/** Plays the cloud's load balancers: a Service of that type gets an address, out of 192.0.2.0/24, which RFC 5737 keeps for examples. */
export function kubeletServices(client: KubeClient, onTrouble: (text: string) => void): Follower {
  const onChange = (object: unknown) => {
    const { metadata, spec, status } = Service.parse(object);
    if (spec.type !== 'LoadBalancer' || (status?.loadBalancer.ingress.length ?? 0) > 0) return;
    const [byte = 0] = createHash('sha256').update(metadata.uid).digest();
    const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`;
    const ingress = [{ ip: `192.0.2.${1 + (byte % 254)}`, ipMode: 'VIP' }];
    client.call('PATCH', path, { metadata: { uid: metadata.uid }, status: { loadBalancer: { ingress } } }).then(
      (answer) => {
        if (answer.status >= 300 && answer.status !== 404 && answer.status !== 409)
          onTrouble(`PATCH ${path}: status ${answer.status}`);
      },
      (error: unknown) => onTrouble(`PATCH ${path}: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  return { onList: (items) => items.forEach(onChange), onChange, onDelete: () => undefined };
}
