/** How a try at a deployment came out, and what that means: its final state, its outcome, and whether its inputs proved bad. */
import type { Culprit, Outcome, OutcomeCode } from '../outcome.ts';
import type { FinalDeploymentState } from '../states.ts';

/** Why something did not work; zod twin in `contracts/machines.ts`. */
export interface Failure {
  readonly code: OutcomeCode;
  readonly because: string;
  readonly objects?: readonly (Omit<Culprit, 'namespace'> & { readonly namespace?: string | undefined })[] | undefined;
}

/** The last thing that is known, in the machine's own words; zod twin in `contracts/machines.ts`. */
export type DeploymentResult =
  | { readonly is: 'ready'; readonly revision: number; readonly because: string }
  | { readonly is: 'unchanged'; readonly revision: number; readonly because: string }
  /** The release was not touched. */
  | { readonly is: 'blocked'; readonly failure: Failure }
  /** The release was bad, and is as it was before (`revision`), or gone (no `revision`). */
  | {
      readonly is: 'rolled-back';
      readonly failure: Failure;
      readonly revision?: number | undefined;
      readonly evidence?: string | undefined;
    }
  /** The release is bad and stays so. */
  | { readonly is: 'failed'; readonly failure: Failure; readonly evidence?: string | undefined }
  /** Our own trouble. */
  | { readonly is: 'errored'; readonly failure: Failure }
  /** Of a look during a soak: it stands well. */
  | { readonly is: 'still-ready'; readonly because: string }
  /** Of a look during a soak: it was ready, and is not any more, or is no longer ours. */
  | { readonly is: 'soured'; readonly failure: Failure; readonly evidence?: string | undefined };

/** What a deployment can come to. */
export type FinalResult =
  | Exclude<DeploymentResult, { is: 'still-ready' | 'soured' }>
  /** Its cluster did not answer, and the stage lets such environments be. */
  | { readonly is: 'passed-over'; readonly failure: Failure };

export interface Ending {
  readonly state: FinalDeploymentState;
  readonly outcome: Outcome;
  /** The helm revision that stands there, where the result says so. */
  readonly revision?: number | undefined;
  readonly evidence?: string | undefined;
  /** The inputs were applied and are to blame: they do not come back here by themselves. */
  readonly provedBad: boolean;
}

/** Only these say something of the inputs; `conflict`, `forbidden` or `unreachable` say something of the world around them. */
const TO_BLAME: readonly OutcomeCode[] = ['not-ready', 'rejected', 'hook-failed', 'out-of-time'];

/** What a result means for the deployment's record. */
export function endingOf(result: FinalResult): Ending {
  if (result.is === 'ready' || result.is === 'unchanged') {
    const { is, revision, because } = result;
    return {
      state: is === 'ready' ? 'succeeded' : 'skipped',
      outcome: { code: is, because },
      revision,
      provedBad: false,
    };
  }
  const { is, failure } = result;
  if (is === 'passed-over') return { state: 'skipped', outcome: outcomeOf(failure), provedBad: false };
  const applied = is === 'rolled-back' || is === 'failed';
  return {
    state: is,
    outcome: outcomeOf(failure),
    revision: is === 'rolled-back' ? result.revision : undefined,
    evidence: applied ? result.evidence : undefined,
    provedBad: applied && TO_BLAME.includes(failure.code),
  };
}

/** A failure as the record keeps it. */
export function outcomeOf({ code, because, objects }: Failure): Outcome {
  if (objects === undefined || objects.length === 0) return { code, because };
  return {
    code,
    because,
    objects: objects.map(({ namespace, ...rest }) => (namespace === undefined ? rest : { ...rest, namespace })),
  };
}
