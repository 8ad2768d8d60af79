/** Starting a rollout, and seeing where it is and why. */
import * as z from 'zod';
import { DEFER_REASONS } from '../../domain/items/deployment.ts';
import { EVENT_KINDS } from '../../domain/items/history.ts';
import { WAIT_REASONS } from '../../domain/items/waiting.ts';
import { OUTCOME_CODES } from '../../domain/outcome.ts';
import { DEPLOYMENT_STATES, ROLLOUT_STATES } from '../../domain/states.ts';
import { CulpritShape } from '../machines.ts';
import { ChartVersion, Labels, Name, RolloutId, Time } from '../name.ts';
import { Stages, Unreachable } from '../stage.ts';
import { GateView } from './approval.ts';
import { FrozenView, OverrideReason, OverrideView } from './freeze.ts';
import { StartedBy } from './principal.ts';
import { RollbackView } from './rollback-view.ts';
import { Values } from './values.ts';
import { ValuesChangeView } from './values-change-view.ts';

export const Claimed = z
  .strictObject({
    repository: z.string().max(200).exactOptional(),
    ref: z.string().max(300).exactOptional(),
    sha: z.string().max(100).exactOptional(),
    runId: z.string().max(50).exactOptional(),
    actor: z.string().max(100).exactOptional(),
  })
  .meta({ id: 'Claimed', description: 'what the caller says of itself; it decides nothing' });

/** The other way to say stages: entries up to and including one with `wait: true` form one stage. */
export const TargetEntries = z
  .array(z.strictObject({ target: Labels, wait: z.boolean().default(false) }))
  .min(1)
  .max(100);

/** A plan to carry out: refused when the rollout's inputs would be others than it was made of. */
export const PlanNamed = z
  .strictObject({
    id: RolloutId.meta({ description: 'ULID of the plan' }),
    digest: z
      .string()
      .regex(/^hmac-sha256:[0-9a-f]{64}$/, "a plan's digest is hmac-sha256: and 64 hex digits")
      .meta({ description: 'its digest, as you have seen it' }),
  })
  .meta({ id: 'PlanNamed', description: 'the plan to carry out: its stages and values, and no other inputs' });

export const RolloutBody = z
  .strictObject({
    version: ChartVersion,
    description: z.string().max(1000).optional(),
    values: Values.default({}),
    stages: Stages.optional(),
    targets: TargetEntries.optional(),
    plan: PlanNamed.exactOptional(),
    overrideFreeze: OverrideReason.exactOptional(),
    claimed: Claimed.default({}),
  })
  .refine((body) => body.stages === undefined || body.targets === undefined, {
    error: 'give stages or targets, not both',
    path: ['targets'],
  })
  .refine((body) => body.plan === undefined || !(body.stages ?? body.targets), {
    error: 'the plan has its stages: leave stages and targets out, or plan with these',
    path: ['plan'],
  })
  .refine((body) => body.plan === undefined || Object.keys(body.values).length === 0, {
    error: 'the plan has its values: leave values out, or plan with these',
    path: ['plan'],
  })
  .meta({ id: 'RolloutBody' });

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'an idempotency key is 1–200 printable characters without spaces');

export const OutcomeView = z.object({
  code: z.enum(OUTCOME_CODES),
  because: z.string(),
  objects: z.array(CulpritShape).optional(),
});

export const DeploymentView = z
  .object({
    environment: Name,
    stage: Name,
    state: z.enum(DEPLOYMENT_STATES),
    outcome: OutcomeView.optional(),
    attempt: z.int(),
    cluster: z.string(),
    namespace: z.string(),
    release: z.string(),
    revision: z.int().optional(),
    startedAt: Time.optional(),
    finishedAt: Time.optional(),
    lookedAt: Time.exactOptional().meta({ description: 'when it was last seen during the soak of its stage' }),
    putOff: z
      .object({ on: z.enum(DEFER_REASONS), until: Time, because: z.string() })
      .exactOptional()
      .meta({ description: 'why it has not begun though its stage has, and when it is tried again' }),
    evidence: z.boolean().meta({ description: 'true when evidence was kept' }),
  })
  .meta({ id: 'Deployment' });

export const WaitView = z
  .object({
    on: z.enum(WAIT_REASONS),
    because: z.string(),
    since: Time,
    until: Time,
    who: z.string(),
    stage: Name.exactOptional().meta({ description: 'the stage that waits, where one does' }),
    behind: RolloutId.exactOptional().meta({ description: 'the rollout that is waited for' }),
  })
  .meta({ id: 'Wait', description: 'what it waits on, since and until when, and who can unblock it' });

export const RolloutSummary = z
  .object({
    id: RolloutId,
    package: Name,
    version: z.string(),
    description: z.string().optional(),
    sequence: z.int(),
    state: z.enum(ROLLOUT_STATES),
    outcome: OutcomeView.optional(),
    warning: z.string().optional(),
    startedBy: StartedBy,
    claimed: Claimed,
    createdAt: Time,
    finishedAt: Time.optional(),
    waiting: WaitView.exactOptional(),
    rollback: RollbackView.exactOptional(),
    valuesChange: ValuesChangeView.exactOptional(),
    override: OverrideView.exactOptional(),
    planned: z
      .object({ id: RolloutId, digest: z.string() })
      .exactOptional()
      .meta({ description: 'the plan that it carries out' }),
    retries: z.int().exactOptional().meta({ description: 'how often what failed of it was tried again' }),
    supersededBy: RolloutId.exactOptional().meta({ description: 'the newer rollout that took its place' }),
    console: z.url().optional().meta({ description: 'its execution in the Step Functions console' }),
  })
  .meta({ id: 'RolloutSummary' });

export const RolloutView = RolloutSummary.extend({
  chartDigest: z.string().optional(),
  planDigest: z.string().optional(),
  stages: z.array(
    z.object({
      name: Name,
      size: z.int(),
      maxParallel: z.int(),
      failureBudget: z.int(),
      soakMinutes: z.number(),
      spreadMinutes: z.number().exactOptional(),
      unreachable: Unreachable.exactOptional(),
      gate: GateView.exactOptional(),
    }),
  ),
  deployments: z.array(DeploymentView),
}).meta({ id: 'Rollout' });

export const RolloutAccepted = z
  .object({
    id: RolloutId,
    package: Name,
    state: z.enum(ROLLOUT_STATES),
    matched: z.array(Name),
    frozen: z
      .array(FrozenView)
      .exactOptional()
      .meta({ description: 'freezes that hold in some of them now: it waits for their end' }),
  })
  .meta({ id: 'RolloutAccepted' });
export const RolloutList = z
  .object({ rollouts: z.array(RolloutSummary), next: z.string().optional() })
  .meta({ id: 'RolloutList' });

export const EventView = z
  .object({
    number: z.int(),
    at: Time,
    kind: z.enum(EVENT_KINDS),
    text: z.string(),
    stage: z.string().optional(),
    environment: z.string().optional(),
    state: z.string().optional(),
    by: z.string(),
  })
  .meta({ id: 'Event' });
/** `state` is the rollout's when the answer was made, so that one call tells a follower whether to go on. */
export const EventList = z
  .object({
    events: z.array(EventView),
    last: z.int().meta({ description: 'hand it back as `after` to go on' }),
    more: z.boolean().meta({ description: 'true when later events are there already: ask again at once' }),
    state: z.enum(ROLLOUT_STATES),
  })
  .meta({ id: 'EventList' });

export const AbortBody = z.strictObject({ reason: z.string().min(1).max(1000) }).meta({ id: 'AbortBody' });

export type RolloutBody = z.infer<typeof RolloutBody>;
export type RolloutSummary = z.infer<typeof RolloutSummary>;
export type RolloutView = z.infer<typeof RolloutView>;
export type DeploymentView = z.infer<typeof DeploymentView>;
export type EventView = z.infer<typeof EventView>;
export type EventList = z.infer<typeof EventList>;
