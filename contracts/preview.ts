/**
 * What a deployer is asked by plans and by views of values: it works out what it would apply, and changes nothing. The plan stands in the plans bucket.
 */
import * as z from 'zod';
import { Name, RolloutId } from './name.ts';

const of = { v: z.literal(1), planId: RolloutId };

export const PreviewInput = z.discriminatedUnion('operation', [
  /** Every value of one environment of the plan, with its origin. The answer is `EffectiveValues` (api/effective.ts). */
  z.object({ ...of, operation: z.literal('values'), environment: Name }),
  /** What would change in these environments; each answer is put beside the plan (`planDiffKey`). */
  z.object({ ...of, operation: z.literal('diff'), environments: z.array(Name).min(1).max(10) }),
]);
export type PreviewInput = z.infer<typeof PreviewInput>;

/** Whether a payload of the deployer's is one of these. */
export const isPreview = (event: unknown): boolean => PreviewInput.safeParse(event).success;
