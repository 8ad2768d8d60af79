/**
 * What EventBridge tells when a parameter was made, changed or deleted.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
 */
import * as z from 'zod';

/** What AWS names such events, and which of them are about a value. */
export const PARAMETER_CHANGE = {
  source: 'aws.ssm',
  detailType: 'Parameter Store Change',
  operations: ['Create', 'Update', 'Delete'],
} as const;

export const ParameterChange = z
  .object({
    time: z.iso.datetime(),
    detail: z.object({ name: z.string().min(1), operation: z.string() }),
  })
  .transform(({ time, detail }) => ({ ...detail, at: new Date(time).toISOString() }));
export type ParameterChange = z.infer<typeof ParameterChange>;
