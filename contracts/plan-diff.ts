/** What a plan would change: of one environment as the deployer puts it beside the plan, and of all of them as people and programs get it. */
import * as z from 'zod';
import { OUTCOME_CODES } from '../domain/outcome.ts';
import { DIFF_STATES, type EnvironmentDiff as Diff, PROBLEM_CODES } from '../domain/plan-diff/environment-diff.ts';
import type { PlanResult as Result } from '../domain/plan-diff/plan-result.ts';

const text = z.string();
const count = z.int().min(0);
const CHANGES = ['create', 'update', 'delete', 'leave'] as const;

const Shown = z
  .object({
    value: z.unknown().exactOptional(),
    secret: z.literal(true).exactOptional(),
    digest: text.exactOptional().meta({ description: 'keyed digest of a secret' }),
  })
  .meta({ id: 'ShownValue' });
const fromTo = { from: Shown.exactOptional(), to: Shown.exactOptional() };

const FieldChange = z.object({ path: text, ...fromTo, lines: z.array(text).exactOptional() });
const ObjectChange = z
  .object({
    apiVersion: text,
    kind: text,
    name: text,
    namespace: text.exactOptional(),
    change: z.enum(CHANGES),
    fields: z.array(FieldChange),
    more: count.exactOptional().meta({ description: 'how many more fields there are than are listed' }),
  })
  .meta({ id: 'ObjectChange' });
const ValueChange = z.object({ key: text, ...fromTo, origin: text.exactOptional() });
const Problem = z.object({
  code: z.enum(PROBLEM_CODES),
  blocks: z.boolean().meta({ description: 'a rollout would fail or be blocked there' }),
  because: text,
  object: text.exactOptional(),
  fields: z.array(text).exactOptional(),
  outcome: z.enum(OUTCOME_CODES).exactOptional(),
});
const state = z.enum(DIFF_STATES);
const deployed = z.object({ version: text, revision: z.int() }).exactOptional();
const size = z
  .object({ bytes: count, percent: count.meta({ description: 'of what one Secret may hold' }) })
  .exactOptional();

/** Of one environment: `planDiffKey` in the plans bucket. */
export const EnvironmentDiff = z
  .object({
    v: z.literal(1),
    environment: text,
    stage: text,
    state,
    because: text,
    version: text,
    deployed,
    objects: z.array(ObjectChange),
    same: count,
    values: z.array(ValueChange),
    hooks: z.array(text),
    problems: z.array(Problem),
    size,
    notes: z.array(text),
  })
  .meta({ id: 'EnvironmentDiff' }) satisfies z.ZodType<Diff>;

const Line = z.object({ object: text, text, change: z.enum(CHANGES) });
const environments = z.array(text);

/** Of all environments: `planResultKey` in the plans bucket. */
export const PlanResult = z
  .object({
    v: z.literal(1),
    planId: text,
    package: text,
    version: text,
    digest: text.meta({ description: 'keyed digest of the inputs of the plan, which a rollout can name' }),
    environments: z.array(
      z.object({ environment: text, stage: text, state, because: text, deployed, objects: count, size }),
    ),
    groups: z.array(
      z.object({
        state,
        environments,
        lines: z.array(Line),
        also: z.array(z.object({ environments, lines: z.array(Line) })),
      }),
    ),
    values: z.array(ValueChange.extend({ environments })),
    problems: z.array(Problem.extend({ environments })),
    hooks: z.array(text),
    leftOut: z.array(z.object({ environment: text, because: text })),
  })
  .meta({ id: 'PlanResult' }) satisfies z.ZodType<Result>;

const DiffAnswered = z.object({
  environment: text,
  state,
});
/** The deployer's answer to `diff`: what became of each environment; the rest stands in the plans bucket. */
export const DiffAnswer = z.object({ outcome: z.literal('done'), environments: z.array(DiffAnswered) });

export type EnvironmentDiff = z.infer<typeof EnvironmentDiff>;
export type PlanResult = z.infer<typeof PlanResult>;
export type DiffAnswer = z.infer<typeof DiffAnswer>;
