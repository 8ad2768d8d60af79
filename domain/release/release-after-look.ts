/**
 * What stands in an environment whose release turned bad during its soak? What we had seen healthy is not good any more,
 * so no rollback goes there; where somebody else has put another revision there, ours stays the last one that was good.
 */
import type { DeploymentItem } from '../items/deployment.ts';
import type { ReleaseItem } from '../items/release.ts';
import type { Outcome, OutcomeCode } from '../outcome.ts';
import type { Changes } from '../table.ts';

const NOT_DESCRIBED = {
  rolloutId: undefined,
  version: undefined,
  chartDigest: undefined,
  inputsDigest: undefined,
  effectiveDigest: undefined,
};

/** The changes of the release's record; `why` is what the look found. */
export function releaseAfterLook(
  { rolloutId, inputs, revision }: DeploymentItem,
  { good }: ReleaseItem,
  why: OutcomeCode,
  { because }: Outcome,
  now: Date,
): Changes<ReleaseItem> {
  const told = {
    state: 'failed' as const,
    because: `rollout ${rolloutId} failed here during its soak: ${because}`,
    at: now.toISOString(),
  };
  if (why === 'foreign-operation') return { ...NOT_DESCRIBED, ...told, liveRevision: undefined };
  const before = good?.filter(({ inputsDigest }) => inputsDigest !== inputs.digest);
  return {
    ...NOT_DESCRIBED,
    ...told,
    tried: { rolloutId, version: inputs.version, inputsDigest: inputs.digest },
    liveRevision: revision,
    goodRevision: before?.at(-1)?.revision,
    good: before,
  };
}
