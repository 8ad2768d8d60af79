/** Looks at table and cluster, decides the next step of applying, and claims it: one conditional write. */

import { commit } from '../../domain/commit.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { LeaseItem, ReleaseItem } from '../../domain/items/release.ts';
import type { KubeAnswer, KubeFailure } from '../../domain/kube.ts';
import { type ApplyStep, applyStep, healthMatters } from '../../domain/release/apply-step.ts';
import type { ReleaseHistory } from '../../domain/release/release-history.ts';
import { isStuck } from '../../domain/release/stuck-release.ts';
import { replace, unchanged, type Write } from '../../domain/table.ts';
import type { Cluster, Deps } from './deps.ts';
import { findAdopted } from './find-adopted.ts';
import { isHealthy } from './look-at-objects.ts';
import { placesOf, type Work, wished } from './operation.ts';

export type TakenStep =
  | ApplyStep
  | { readonly is: 'unreadable'; readonly failure: KubeFailure }
  /** Nothing was claimed: the upgrade is for another executor. */
  | { readonly is: 'left'; readonly because: string };

export interface Taking {
  readonly effectiveDigest: string;
  /** Why an upgrade is none of this process's, if so. Everything else is. */
  readonly leaves?: string | undefined;
}

/** The step that this call has taken; nothing else of ours can take one before this one is over. */
export function takeStep(
  deps: Deps,
  work: Work,
  cluster: Cluster,
  { effectiveDigest, leaves }: Taking,
): Promise<TakenStep> {
  const { table, patience, now } = deps;
  const places = placesOf(work);
  return commit<TakenStep>(table, patience, async () => {
    const [deployment, lease, release] = await Promise.all([
      table.get(places.deployment),
      table.get(places.lease),
      table.get(places.release),
    ]);
    if (deployment === undefined) return { writes: [], result: { is: 'lost', because: 'the deployment is gone' } };
    const { namespace, release: name } = deployment.place;
    const history = await cluster.releases.history(namespace, name);
    if (!history.ok) return { writes: [], result: { is: 'unreadable', failure: history } };
    const { attempt } = work;
    const seen = {
      deployment,
      attempt,
      lease,
      release,
      history: history.value,
      effectiveDigest,
      ...wished(work, now()),
    };
    const { latest } = history.value;
    const adopted = await adoptedThere(cluster, deployment, release, history.value);
    if (adopted !== undefined && !adopted.ok) return { writes: [], result: { is: 'unreadable', failure: adopted } };
    const healthy = latest !== undefined && healthMatters(seen, now()) && (await isHealthy(cluster, latest, now()));
    const step = applyStep({ ...seen, healthy, adopted: adopted?.value }, now());
    if (step.is === 'upgrade' && leaves !== undefined) return { writes: [], result: { is: 'left', because: leaves } };
    const claim = claimWrites(step, places, lease, release);
    return { writes: claim.length === 0 ? [] : [...claim, unchanged(places.deployment, deployment)], result: step };
  });
}

/** Asked only where the first install may have to be taken away again. */
async function adoptedThere(
  { kube }: Cluster,
  { place }: DeploymentItem,
  release: ReleaseItem | undefined,
  history: ReleaseHistory,
): Promise<KubeAnswer<string | undefined> | undefined> {
  const { latest } = history;
  const mayGo = release?.goodRevision === undefined && latest !== undefined && isStuck(latest.status);
  return mayGo ? await findAdopted(kube, place, history) : undefined;
}

function claimWrites(
  step: ApplyStep,
  places: ReturnType<typeof placesOf>,
  lease: LeaseItem | undefined,
  release: ReleaseItem | undefined,
): Write[] {
  if ((step.is !== 'upgrade' && step.is !== 'repair') || lease === undefined) return [];
  const claim = replace(places.lease, lease, step.changes);
  const known = step.is === 'upgrade' && (step.adopts !== undefined || step.forgets === true);
  if (!known || release === undefined) return [claim];
  // Whatever was recorded described another revision.
  const good = { ...NOTHING_KNOWN, goodRevision: step.adopts, liveRevision: step.adopts };
  return [claim, replace(places.release, release, good)];
}

const NOTHING_KNOWN = {
  rolloutId: undefined,
  version: undefined,
  chartDigest: undefined,
  inputsDigest: undefined,
  effectiveDigest: undefined,
};
