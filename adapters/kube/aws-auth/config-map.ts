/** The ConfigMap `kube-system/aws-auth` as the API server tells it. */
import * as z from 'zod';

export const NAMESPACE = 'kube-system';
export const NAME = 'aws-auth';

/** Whatever else it holds goes back as it came. */
export const ConfigMap = z.looseObject({
  metadata: z.looseObject({
    /** Rises with every write: a PUT that names an older one is refused. */
    resourceVersion: z.string().optional(),
    uid: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  data: z.record(z.string(), z.string()).optional(),
});
export type ConfigMap = z.infer<typeof ConfigMap>;
