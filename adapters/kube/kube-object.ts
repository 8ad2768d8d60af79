/** Objects as they come from an API server, parsed as far as we read them; `spec` and `status` stay as they are. */
import * as z from 'zod';
import type { KubeObject } from '../../domain/kube.ts';

const Meta = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  generation: z.number().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  ownerReferences: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() }))
    .optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
});

export const KubeObjectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: Meta,
  spec: z.record(z.string(), z.unknown()).optional(),
  status: z.record(z.string(), z.unknown()).optional(),
}) satisfies z.ZodType<KubeObject>;

/** Items of a list leave out their `apiVersion` and `kind`; the page goes on while `continue` is not empty. */
export const KubeListShape = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  items: z.array(z.looseObject({ metadata: Meta })).nullable(),
});
