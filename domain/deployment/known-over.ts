/**
 * When a call of the deployer broke off: is its process certainly over? Then what it had claimed need not be waited
 * for until its hard end. helm itself may outlive it by a moment, but not its way to the cluster: the fence's proxy
 * was part of the process that died, so nothing that helm still says gets through.
 */
import type { LeaseItem } from '../items/release.ts';
import { endOperation } from './lease.ts';
import { type Holder, holds } from './lease-holder.ts';

/** A call that came to no answer: its number within its try, and the error that Step Functions tells of it. */
export interface BrokenCall {
  readonly call: number;
  readonly error: string;
}

/**
 * Lambda's own words for an invocation that has ended, each said in answer to a synchronous invoke. Not among them:
 * whatever leaves a function running (`States.Timeout`, `Lambda.ClientExecutionTimeoutException`, `Lambda.SdkClientException`,
 * `Lambda.ServiceException`: nobody heard how it ended), and what never started one (throttling), where nothing was claimed.
 */
const ENDED: readonly string[] = [
  // The process exited or was killed, for instance out of memory:
  // https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
  'Runtime.ExitError',
  // Lambda ended it at the function's time limit, with everything in its sandbox:
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
  'Sandbox.Timedout',
  // The same two, as Step Functions has long called them ("out-of-memory errors and function timeouts"):
  // https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
  'Lambda.Unknown',
  // The local emulator's word for both a process that died and a handler that threw.
  'Runtime.HandlerError',
];

/** True only for errors that prove it; what is not known counts as still at work. */
export function knownOver(error: string): boolean {
  return ENDED.includes(error);
}

/** As often as this a try may die in the middle of something; the call after that only repairs. */
const MOST_DEATHS = 4;

/** Why a call that follows these must not try the same once more, if so: it would most likely die of it, too. */
export function diedTooOften(broken: readonly BrokenCall[] = []): string | undefined {
  const deaths = broken.filter(({ error }) => knownOver(error));
  const last = deaths.at(-1);
  if (last === undefined || deaths.length < MOST_DEATHS) return undefined;
  return `the deployer has died ${deaths.length} times at this (${last.error}): give it more memory (memoryMb in fairlead.yaml) or the package a build (executor: codebuild)`;
}

/**
 * What changes on the lease when one of these broken calls of `me` had claimed the operation that stands there;
 * undefined when none did, or none is certainly over. Operations of other tries are nobody's to end but time's.
 */
export function endDead(
  lease: LeaseItem | undefined,
  me: Holder,
  broken: readonly BrokenCall[],
  now: Date,
): Pick<LeaseItem, 'operation'> | undefined {
  const operation = lease?.operation;
  if (lease === undefined || operation?.call === undefined || !holds(lease, me)) return undefined;
  const dead = broken.some(({ call, error }) => call === operation.call && knownOver(error));
  return dead ? endOperation(lease, operation.requestId, now) : undefined;
}
