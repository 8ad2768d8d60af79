/**
 * What the `plan` machine and its function say to each other. As everywhere, the state carries pointers: what would
 * change where stands in the plans bucket.
 */
import * as z from 'zod';
import { Name, RolloutId } from './name.ts';

/** Input of the `plan` machine; its execution is named `{planId}-{package}`. */
export const PlanRun = z.object({ v: z.literal(1), planId: RolloutId, package: Name });

/** plan-rollout, as *Freeze plan*: PlanRun → … */
export const FreezePlanAnswer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('frozen'),
    /** `deployer` is the ARN of a function, which is asked about these environments in one call. */
    batches: z.array(z.object({ deployer: z.string(), environments: z.array(Name).min(1).max(10) })),
    maxParallel: z.int().min(1).max(10),
    because: z.string(),
  }),
  /** Recorded already (refused, or it had ended before): the machine ends. */
  z.object({ outcome: z.literal('over'), because: z.string() }),
]);

/** A call of a deployer that came to no answer; `{}` of one that did. */
export const PreviewTrouble = z.object({
  environments: z.array(Name).optional(),
  /** The error's name: its words may hold values. */
  error: z.string().optional(),
});

/** plan-rollout, as *Finish plan*. */
export const FinishPlanInput = PlanRun.extend({
  finish: z.literal(true),
  trouble: z.array(PreviewTrouble).max(1000).default([]),
  /** Set by the machine's own Catch: what went wrong on our side. */
  errored: z.object({ error: z.string(), cause: z.string() }).optional(),
});
export const FinishPlanAnswer = z.object({ outcome: z.enum(['finished', 'already-over']), because: z.string() });

export type PlanRun = z.infer<typeof PlanRun>;
export type FreezePlanAnswer = z.infer<typeof FreezePlanAnswer>;
export type PreviewTrouble = z.infer<typeof PreviewTrouble>;
export type FinishPlanInput = z.infer<typeof FinishPlanInput>;
export type FinishPlanAnswer = z.infer<typeof FinishPlanAnswer>;
