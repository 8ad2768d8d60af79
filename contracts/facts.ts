/** What templates may know of environments, as it stands beside a plan. */
import * as z from 'zod';
import type * as domain from '../domain/values/feature/facts.ts';

const pointer = z.object({ parameter: z.string(), version: z.int(), digest: z.string() });

export const TenantFacts = z.object({
  v: z.literal(1),
  tenant: z.string().exactOptional(),
  environments: z.array(
    z.object({
      name: z.string(),
      kind: z.string().exactOptional(),
      tenant: z.string().exactOptional(),
      labels: z.record(z.string(), z.string()),
      values: z.record(z.string(), z.unknown()),
      secrets: z.record(z.string(), pointer),
    }),
  ),
}) satisfies z.ZodType<domain.TenantFacts>;
export type TenantFacts = z.infer<typeof TenantFacts>;
