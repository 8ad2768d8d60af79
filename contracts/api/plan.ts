/** Plans by themselves: what a rollout would do, worked out without starting one. */
import * as z from 'zod';
import { PLAN_STATES } from '../../domain/items/values.ts';
import { OUTCOME_CODES } from '../../domain/outcome.ts';
import { ChartVersion, Name, RolloutId, Time } from '../name.ts';
import { PlanResult } from '../plan-diff.ts';
import { Stages } from '../stage.ts';
import { StartedBy } from './principal.ts';
import { TargetEntries } from './rollout.ts';
import { Values } from './values.ts';

/** As the body of a rollout, without what only a start needs. */
export const PlanBody = z
  .strictObject({
    version: ChartVersion,
    values: Values.default({}),
    stages: Stages.optional(),
    targets: TargetEntries.optional(),
  })
  .refine((body) => body.stages === undefined || body.targets === undefined, {
    error: 'give stages or targets, not both',
    path: ['targets'],
  })
  .meta({ id: 'PlanBody' });

export const PlanAccepted = z
  .object({ id: RolloutId, package: Name, state: z.enum(PLAN_STATES), matched: z.array(Name) })
  .meta({ id: 'PlanAccepted' });

export const PlanSummary = z
  .object({
    id: RolloutId.meta({ description: 'ULID of the plan' }),
    package: Name,
    version: z.string(),
    state: z.enum(PLAN_STATES),
    code: z.enum(OUTCOME_CODES).exactOptional().meta({ description: 'why it was refused' }),
    because: z.string(),
    startedBy: StartedBy,
    at: Time,
    finishedAt: Time.exactOptional(),
    digest: z.string().exactOptional().meta({ description: 'keyed digest of its inputs: a rollout can be held to it' }),
    environments: z.int().exactOptional(),
    changed: z.int().exactOptional().meta({ description: 'how many of them would change' }),
    valuesChanged: z
      .array(z.object({ name: z.string(), version: z.int().exactOptional(), by: z.string(), at: Time }))
      .exactOptional()
      .meta({ description: 'layers of values whose change it is planned for' }),
  })
  .meta({ id: 'PlanSummary' });

export const PlanView = PlanSummary.extend({
  result: PlanResult.exactOptional().meta({ description: 'what would change, once it is ready' }),
  resultKey: z
    .string()
    .exactOptional()
    .meta({ description: 'in place of `result` where that is too large for an answer: its key in the plans bucket' }),
}).meta({ id: 'Plan' });

export const PlanList = z.object({ plans: z.array(PlanSummary), next: z.string().optional() }).meta({ id: 'PlanList' });

export type PlanBody = z.infer<typeof PlanBody>;
export type PlanAccepted = z.infer<typeof PlanAccepted>;
export type PlanSummary = z.infer<typeof PlanSummary>;
export type PlanView = z.infer<typeof PlanView>;
