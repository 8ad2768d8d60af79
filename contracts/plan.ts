/** The plan as it stands in the plans bucket, written once a rollout and read back by whoever goes on with it. */
import * as z from 'zod';
import type { FrozenPlan } from '../domain/rollout/frozen-plan.ts';
import { ITEMS } from './items.ts';

const {
  place,
  inputs,
  deployer,
  actAs,
  labels,
  queue,
  timeoutMinutes,
  forceConflicts,
  sequence,
  executor,
  shortHooks,
} = ITEMS.deployment.shape;

export const PlanFile = z.object({
  v: z.literal(1),
  rolloutId: z.string(),
  package: z.string(),
  sequence,
  version: z.string(),
  chart: z.string(),
  chartDigest: z.string(),
  timeoutMinutes,
  forceConflicts,
  executor,
  shortHooks,
  stages: ITEMS.rollout.shape.plan.unwrap().shape.stages,
  deployments: z
    .array(z.object({ environment: z.string(), stage: z.string(), place, deployer, actAs, labels, queue, inputs }))
    .min(1),
  leftOut: z.array(z.object({ environment: z.string(), because: z.string() })).exactOptional(),
}) satisfies z.ZodType<FrozenPlan>;
