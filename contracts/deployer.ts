/**
 * The deployer's contract: one payload, one operation, one named outcome. The machine branches on `outcome`;
 * an exception is a bug or the platform's trouble. Whatever runs helm (Lambda, CodeBuild) speaks this.
 */
import * as z from 'zod';
import { BrokenCalls, Failure, Try } from './machines.ts';
import { Time } from './name.ts';

/** A parameter as `ssm:GetParameters` gave it. */
export const PulledValue = z.object({ name: z.string(), version: z.int(), value: z.string() });

/** Of calls that may change something: their number within the try, and those before them that broke off. */
const numbered = { call: z.int().min(1).optional(), broken: BrokenCalls.optional() };

export const DeployerInput = z.discriminatedUnion('operation', [
  /** Bring the inputs into the cluster, without waiting for readiness. */
  Try.extend({
    ...numbered,
    operation: z.literal('apply'),
    values: z.array(PulledValue),
    /** `name:version` that Parameter Store did not know: their frozen copies are used. */
    invalid: z.array(z.string()),
  }),
  /** Look at the release for up to 60 s. `after` says what is observed; a `look` says until when it may become ready. */
  Try.extend({
    operation: z.literal('observe'),
    after: z.enum(['apply', 'roll-back', 'look']),
    revision: z.int().min(1),
    until: Time.optional(),
  }),
  /** Keep what is wrong, before anything is rolled back. */
  Try.extend({ operation: z.literal('evidence'), failure: Failure }),
  /** Back to the good revision; uninstall when there never was one. */
  Try.extend({ ...numbered, operation: z.literal('roll-back'), failure: Failure }),
  /** What did the turn's build come to? `over`: id of a build that CodeBuild says has ended; it may be a twin of the one that has the turn. */
  Try.extend({ operation: z.literal('answer'), turn: z.int().min(1), over: z.string().min(1).optional() }),
]);

/** What a build is told of its work, as one JSON text in its environment. Values do not travel: it reads the frozen copies. */
export const BuildOrder = Try.extend({ turn: z.int().min(1) });

const busy = z.object({
  outcome: z.literal('busy'),
  until: Time,
  seconds: z.int().min(1).max(900),
  because: z.string(),
});
/** The cluster does not answer: the machine tries again for 5 minutes. */
const unreachable = z.object({ outcome: z.literal('unreachable'), because: z.string() });
/** With a code: not because the cluster was silent, but because it did not let us in. Rights may come back, too. */
const barred = unreachable.extend({ code: z.literal('forbidden').optional() });

export const ApplyAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('applied'), revision: z.int(), because: z.string() }),
  z.object({ outcome: z.literal('unchanged'), revision: z.int(), because: z.string() }),
  /** The release was not touched: ends `blocked`. */
  z.object({ outcome: z.literal('blocked'), failure: Failure }),
  /** Our own trouble, and the release was not touched: ends `errored`. */
  z.object({ outcome: z.literal('errored'), failure: Failure }),
  /** The release was touched and is bad: evidence, then rollback. */
  z.object({ outcome: z.literal('failed'), failure: Failure }),
  /** Somebody else holds the lease now, or the deployment is over: nothing more to do here. */
  z.object({ outcome: z.literal('lost'), because: z.string() }),
  busy,
  unreachable,
  /** Of the function only: helm has to run in a build. */
  z.object({ outcome: z.literal('elsewhere'), because: z.string() }),
]);

/** What *Apply* came to in a build; `busy` while it may still be at work. */
export const BuildAnswer = z.discriminatedUnion('outcome', [
  ...ApplyAnswer.options,
  /** It ended without an answer, so its claim is over: the next turn repairs what it left, and goes on. */
  z.object({ outcome: z.literal('unanswered'), because: z.string() }),
]);

export const ObserveAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('ready'), because: z.string() }),
  z.object({ outcome: z.literal('not-yet'), because: z.string() }),
  z.object({ outcome: z.literal('failed'), failure: Failure }),
  barred,
]);

export const EvidenceAnswer = z.discriminatedUnion('outcome', [
  /** `key` in the evidence bucket. */
  z.object({ outcome: z.literal('kept'), key: z.string() }),
  unreachable,
]);

export const RollBackAnswer = z.discriminatedUnion('outcome', [
  /** To the good revision; `revision` is the new one that helm made of it, to be observed. */
  z.object({ outcome: z.literal('rolled-back'), revision: z.int(), because: z.string() }),
  /** There never was a good revision: the first install was taken away again. */
  z.object({ outcome: z.literal('uninstalled'), because: z.string() }),
  /** Not possible, or not safe: it stays as it is and the environment is held. */
  z.object({ outcome: z.literal('refused'), because: z.string() }),
  z.object({ outcome: z.literal('lost'), because: z.string() }),
  busy,
  barred,
]);

export type PulledValue = z.infer<typeof PulledValue>;
export type DeployerInput = z.infer<typeof DeployerInput>;
export type ApplyInput = Extract<DeployerInput, { operation: 'apply' }>;
export type ObserveInput = Extract<DeployerInput, { operation: 'observe' }>;
export type EvidenceInput = Extract<DeployerInput, { operation: 'evidence' }>;
export type RollBackInput = Extract<DeployerInput, { operation: 'roll-back' }>;
export type AnswerInput = Extract<DeployerInput, { operation: 'answer' }>;
export type BuildOrder = z.infer<typeof BuildOrder>;
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;
export type BuildAnswer = z.infer<typeof BuildAnswer>;
export type ObserveAnswer = z.infer<typeof ObserveAnswer>;
export type EvidenceAnswer = z.infer<typeof EvidenceAnswer>;
export type RollBackAnswer = z.infer<typeof RollBackAnswer>;
