/**
 * What stands in the environment once a deployment is over? The record says only what was seen: inputs and
 * digests are kept while they describe what stands there, and dropped when nobody knows.
 */
import type { Ending, FinalResult } from '../deployment/deployment-result.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { ReleaseItem } from '../items/release.ts';
import { movedOn, rememberGood } from './good-inputs.ts';

type Release = Omit<ReleaseItem, 'rev'>;
type Inputs = Pick<ReleaseItem, 'rolloutId' | 'version' | 'chartDigest' | 'inputsDigest' | 'effectiveDigest'>;

/** The release's record after `deployment` came to `ending`. */
export function releaseAfter(
  deployment: DeploymentItem,
  before: ReleaseItem | undefined,
  is: FinalResult['is'],
  ending: Ending,
  now: Date,
): Release {
  const { package: pkg, environment, sequence } = deployment;
  const base = {
    type: 'release' as const,
    v: 1 as const,
    package: pkg,
    environment,
    highestSequence: Math.max(before?.highestSequence ?? 0, sequence),
    because: sentence(deployment, ending),
    at: now.toISOString(),
    ...(before?.good !== undefined && { good: before.good }),
    ...(before?.attempted !== undefined && { attempted: before.attempted }),
    ...(before?.lastSeconds !== undefined && { lastSeconds: before.lastSeconds }),
  };
  if (is === 'ready' || is === 'unchanged') {
    const ours = { ...ourInputs(deployment, before), ...healthy(ending.revision), state: 'deployed' as const };
    return { ...base, ...ours, ...provedGood(deployment, before, ending.revision, now) };
  }
  if (is === 'rolled-back') {
    if (ending.revision === undefined) return { ...base, state: 'absent' };
    const good = movedOn(before?.good, before?.goodRevision, ending.revision);
    const stands = { ...inputsOfGood(before), ...healthy(ending.revision), state: 'deployed' as const };
    return { ...base, ...stands, ...(good !== undefined && { good }) };
  }
  if (is === 'blocked' || is === 'passed-over' || neverTouched(deployment, ending))
    return { ...base, ...kept(before), state: settled(before) };
  const standing = revisions(before?.goodRevision, deployment.revision ?? before?.liveRevision);
  return { ...base, ...standing, tried: triedIn(deployment), state: 'failed' };
}

/** What a rollback may come back to; it needs the revision, which every healthy end has. */
function provedGood(
  { rolloutId, inputs }: DeploymentItem,
  before: ReleaseItem | undefined,
  revision: number | undefined,
  now: Date,
): Pick<ReleaseItem, 'good'> {
  if (revision === undefined) return {};
  const { version, chartDigest, digest: inputsDigest } = inputs;
  const at = now.toISOString();
  return { good: rememberGood(before?.good, { rolloutId, version, chartDigest, inputsDigest, revision, at }) };
}

const triedIn = ({ rolloutId, inputs: { version, digest } }: DeploymentItem) => ({
  rolloutId,
  version,
  inputsDigest: digest,
});

function ourInputs({ rolloutId, inputs, effectiveDigest }: DeploymentItem, before: ReleaseItem | undefined): Inputs {
  // Unchanged is decided by equal effective digests, so the recorded one still holds where no new one was recorded.
  const effective = effectiveDigest ?? before?.effectiveDigest;
  return {
    rolloutId,
    version: inputs.version,
    chartDigest: inputs.chartDigest,
    inputsDigest: inputs.digest,
    ...(effective !== undefined && { effectiveDigest: effective }),
  };
}

/** The recorded inputs are those of the good revision only while that one was the live one. */
function inputsOfGood(before: ReleaseItem | undefined): Inputs {
  return before?.liveRevision === before?.goodRevision ? inputsOf(before) : {};
}

function inputsOf(before: ReleaseItem | undefined): Inputs {
  if (before === undefined) return {};
  const { rolloutId, version, chartDigest, inputsDigest, effectiveDigest } = before;
  return {
    ...(rolloutId !== undefined && { rolloutId }),
    ...(version !== undefined && { version }),
    ...(chartDigest !== undefined && { chartDigest }),
    ...(inputsDigest !== undefined && { inputsDigest }),
    ...(effectiveDigest !== undefined && { effectiveDigest }),
  };
}

const healthy = (revision: number | undefined) => revisions(revision, revision);

function revisions(good: number | undefined, live: number | undefined) {
  return { ...(good !== undefined && { goodRevision: good }), ...(live !== undefined && { liveRevision: live }) };
}

function kept(before: ReleaseItem | undefined) {
  const tried = before?.tried;
  return {
    ...inputsOf(before),
    ...revisions(before?.goodRevision, before?.liveRevision),
    ...(tried !== undefined && { tried }),
  };
}

/** As it was before Begin wrote `deploying` over it. */
function settled(before: ReleaseItem | undefined): ReleaseItem['state'] {
  if (before?.liveRevision === undefined && before?.goodRevision === undefined) return 'absent';
  return before.liveRevision === before.goodRevision && before.rolloutId !== undefined ? 'deployed' : 'failed';
}

/** A cluster that never answered was never changed; of any other trouble of ours nobody knows how far it came. */
function neverTouched({ state, revision }: DeploymentItem, { outcome }: Ending): boolean {
  return state === 'applying' && revision === undefined && outcome.code === 'unreachable';
}

function sentence({ rolloutId }: DeploymentItem, { state, outcome }: Ending): string {
  return `rollout ${rolloutId} ended ${state} here: ${outcome.because}`;
}
