/**
 * What the two state machines and their functions say to each other. Machines hold pointers, not data:
 * ids, names, versions and small decisions only (payload limit 256 KiB).
 */
import * as z from 'zod';
import { EXECUTORS } from '../domain/items/registry.ts';
import { WAIT_REASONS } from '../domain/items/waiting.ts';
import { OUTCOME_CODES } from '../domain/outcome.ts';
import { Name, RolloutId, Time } from './name.ts';

/** Input of the `rollout` machine; its execution is named `{rolloutId}-{run}`. */
export const RolloutRun = z.object({ v: z.literal(1), rolloutId: RolloutId, run: z.int().min(1) });

/** plan-rollout: RolloutRun → … An answer of `refused` means that the rollout has to end with this outcome. */
export const PlanAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('planned') }),
  z.object({ outcome: z.literal('refused'), code: z.enum(OUTCOME_CODES), because: z.string() }),
]);

/** decide-next: */
export const DecideInput = RolloutRun.extend({ round: z.int().min(0) });

/** The fixed lengths of a wait, in seconds: `TimeoutSeconds` must be a number in the file, so each has its own state. */
export const WAIT_STEPS = [5, 15, 60, 300, 1800, 14400] as const;

export const DecideAnswer = z.discriminatedUnion('action', [
  z.object({
    /** `look`: Begin answers `looks`, and nothing is changed. */
    action: z.enum(['deploy', 'look']),
    maxParallel: z.int().min(1).max(40),
    /** `name` is the child execution's: `{rolloutId}-{environment}-{attempt}`. */
    deployments: z.array(z.object({ environment: Name, attempt: z.int().min(1), name: z.string().max(80) })).min(1),
    because: z.string(),
  }),
  z.object({
    action: z.literal('wait'),
    on: z.enum(WAIT_REASONS),
    /** The longest of WAIT_STEPS that ends before the moment waited for, at least the shortest. */
    seconds: z.union(WAIT_STEPS.map((s) => z.literal(s))),
    because: z.string(),
  }),
  z.object({ action: z.literal('finish'), because: z.string() }),
  /** Nothing to do for this execution: it is not the current run, or a new run has been asked for. */
  z.object({ action: z.literal('stand-down'), because: z.string() }),
]);

/** store-wait, called with `.waitForTaskToken`. Its answer travels through the token: `{}`. */
export const StoreWaitInput = DecideInput.extend({ token: z.string().min(1) });

/**
 * finish-rollout: from the machine (it decides again and finishes only if that is still the answer; `refused`
 * carries what *Plan* said), or from the EventBridge rule on ended executions.
 */
export const FinishRolloutInput = RolloutRun.extend({
  refused: z.object({ code: z.enum(OUTCOME_CODES), because: z.string() }).optional(),
  /** Set by the machine's own Catch: what went wrong on our side. */
  errored: z.object({ error: z.string(), cause: z.string() }).optional(),
});
export const FinishRolloutAnswer = z.object({ outcome: z.enum(['finished', 'not-yet', 'already-over']) });

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const ExecutionEnded = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    error: z.string().nullish(),
    cause: z.string().nullish(),
    input: z.string().nullish(),
  }),
});

/** Names one try at one deployment: input of the `deployment` machine and of everything it calls. */
export const Try = z.object({
  v: z.literal(1),
  rolloutId: RolloutId,
  environment: Name,
  attempt: z.int().min(1),
});

/**
 * Calls of the deployer within a try that came to no answer: their numbers, and the errors that Step Functions told.
 * Those that are certainly over need not be waited for (`domain/deployment/known-over.ts`).
 */
export const BrokenCalls = z.array(z.object({ call: z.int().min(1), error: z.string() })).max(50);

export const BeginAnswer = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('begun'),
    /** ARN of the function that runs helm for this environment. The machine calls it and no other. */
    deployer: z.string(),
    /** Where helm runs, as far as is known now: the function may still find that the chart needs a build. */
    executor: z.enum(EXECUTORS),
    /** The CodeBuild project whose builds run helm, where the deployer has one. */
    project: z.string().optional(),
    /** Parameters to pull, at most 10 a batch (`ssm:GetParameters`), each `name:version`; may be empty. */
    batches: z.array(z.array(z.string()).min(1).max(10)),
    /** How often a cluster that does not answer is asked, every 15 seconds, before the try ends; 20 when absent. */
    patience: z.int().min(1).optional(),
    because: z.string(),
  }),
  /** Nothing is applied: the release is looked at, for its stage soaks. */
  z.object({
    outcome: z.literal('looks'),
    deployer: z.string(),
    revision: z.int().min(1),
    /** A release that is not ready has until then to become so. */
    until: Time,
    patience: z.int().min(1),
    because: z.string(),
  }),
  /** Recorded already (skipped, blocked, deferred, or not ours): the machine ends. */
  z.object({ outcome: z.literal('not-begun'), because: z.string() }),
]);

export const CulpritShape = z.object({
  kind: z.string().max(100),
  name: z.string().max(260),
  namespace: z.string().max(100).optional(),
  because: z.string().max(500),
});

/** Why something did not work: small enough to travel. */
export const Failure = z.object({
  code: z.enum(OUTCOME_CODES),
  because: z.string().max(2000),
  objects: z.array(CulpritShape).max(20).optional(),
});

/** What finish-deployment is told: the last thing that is known, in the machine's own words. */
export const FinishDeploymentInput = Try.extend({
  broken: BrokenCalls.optional(),
  result: z.discriminatedUnion('is', [
    z.object({ is: z.literal('ready'), revision: z.int(), because: z.string() }),
    z.object({ is: z.literal('unchanged'), revision: z.int(), because: z.string() }),
    /** The release was not touched. */
    z.object({ is: z.literal('blocked'), failure: Failure }),
    /** The release was bad, and is as it was before (`revision`), or gone (no `revision`). */
    z.object({
      is: z.literal('rolled-back'),
      failure: Failure,
      revision: z.int().optional(),
      evidence: z.string().optional(),
    }),
    /** The release is bad and stays so: the environment is held. */
    z.object({ is: z.literal('failed'), failure: Failure, evidence: z.string().optional() }),
    /** Our own trouble. */
    z.object({ is: z.literal('errored'), failure: Failure }),
    /** Of a look: it stands well, or does not any more. */
    z.object({ is: z.literal('still-ready'), because: z.string() }),
    z.object({ is: z.literal('soured'), failure: Failure, evidence: z.string().optional() }),
  ]),
});

export const FinishDeploymentAnswer = z.object({ outcome: z.enum(['finished', 'already-over']), because: z.string() });

export type RolloutRun = z.infer<typeof RolloutRun>;
export type PlanAnswer = z.infer<typeof PlanAnswer>;
export type DecideInput = z.infer<typeof DecideInput>;
export type DecideAnswer = z.infer<typeof DecideAnswer>;
export type StoreWaitInput = z.infer<typeof StoreWaitInput>;
export type FinishRolloutInput = z.infer<typeof FinishRolloutInput>;
export type FinishRolloutAnswer = z.infer<typeof FinishRolloutAnswer>;
export type ExecutionEnded = z.infer<typeof ExecutionEnded>;
export type Try = z.infer<typeof Try>;
export type BeginAnswer = z.infer<typeof BeginAnswer>;
export type FinishDeploymentInput = z.infer<typeof FinishDeploymentInput>;
export type FinishDeploymentAnswer = z.infer<typeof FinishDeploymentAnswer>;
export type Failure = z.infer<typeof Failure>;
export type Culprit = z.infer<typeof CulpritShape>;
