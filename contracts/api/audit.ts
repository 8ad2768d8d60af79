/** Who changed what, when and from where. */
import * as z from 'zod';
import { Name, RolloutId, Time } from '../name.ts';
import { StartedBy } from './principal.ts';

export const AuditLine = z
  .object({
    at: Time,
    operation: z.string().meta({ description: 'name of the operation, as in openapi.json' }),
    package: Name.optional(),
    environment: Name.optional(),
    rollout: RolloutId.optional(),
    freeze: Name.exactOptional(),
    value: z
      .object({ key: z.string(), secret: z.boolean() })
      .exactOptional()
      .meta({ description: "an environment's value, by its key" }),
    by: StartedBy,
    reason: z.string().exactOptional().meta({ description: 'why, where the call said so' }),
    sourceIp: z.string(),
    requestId: z.string().meta({ description: "the call's id in the access log" }),
  })
  .meta({ id: 'AuditLine' });

export const AuditList = z
  .object({ lines: z.array(AuditLine), next: z.string().optional() })
  .meta({ id: 'AuditList', description: 'oldest first; with `next` there may be more, even when this page is short' });
export type AuditLine = z.infer<typeof AuditLine>;
