/**
 * The API's answers as far as the Action reads them. Looser than the contract where a newer installation may say a new word: an event of an unknown
 * kind is shown, not refused.
 */
import * as z from 'zod';
import {
  EventView,
  RolloutAccepted,
  DeploymentView as Strict,
  RolloutView as StrictRollout,
} from '../contracts/api/rollout.ts';

const Word = z.string();

export const Accepted = RolloutAccepted;

export const Outcome = z.object({
  code: Word,
  because: z.string(),
  objects: z.array(z.object({ kind: Word, name: Word, because: z.string() })).optional(),
});

export const Deployment = Strict.extend({ state: Word, outcome: Outcome.optional() });

const Approval = z.object({
  by: Word,
  decision: Word,
  reason: z.string().optional(),
  breakGlass: z.string().optional(),
});

export const Stage = z.object({
  name: Word,
  gate: z.object({ state: Word, because: z.string(), given: z.array(Approval) }).optional(),
});

export const Rollout = StrictRollout.extend({
  outcome: Outcome.optional(),
  deployments: z.array(Deployment),
  stages: z.array(Stage),
  waiting: z.object({ on: Word, because: z.string(), until: Word, who: z.string() }).optional(),
});

export const Events = z.object({
  events: z.array(EventView.extend({ kind: Word })),
  last: z.int(),
  more: z.boolean(),
  state: StrictRollout.shape.state,
});

/** Of the evidence only what a person reads first. */
export const EvidenceSummary = z.object({ summary: z.array(z.string()) });

export type Deployment = z.output<typeof Deployment>;
export type Stage = z.output<typeof Stage>;
export type Rollout = z.output<typeof Rollout>;
export type Events = z.output<typeof Events>;
export type Event = Events['events'][number];
