/**
 * Takes back what a deployment applied: to the good revision, or away when nothing good ever stood there. Where helm has
 * forgotten the good revision, its inputs are applied again.
 */
import type { RollBackAnswer, RollBackInput } from '../../contracts/deployer.ts';
import { commit } from '../../domain/commit.ts';
import { tell } from '../../domain/deployment/tell.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { GoodInputs } from '../../domain/items/release.ts';
import type { KubeFailure } from '../../domain/kube.ts';
import { type RollBackStep, rollBackStep } from '../../domain/release/roll-back-step.ts';
import { replace, unchanged, type Write } from '../../domain/table.ts';
import { busy } from './busy.ts';
import type { Cluster, Deps } from './deps.ts';
import { explained } from './failures.ts';
import { findAdopted } from './find-adopted.ts';
import { gatherGood } from './gather-good.ts';
import { placesOf, type Work, wished } from './operation.ts';
import { barred, type ClaimedStep, doing, type Ready, rolledBack, takeBack } from './take-back.ts';

type Step =
  | RollBackStep
  | { readonly is: 'unreadable'; readonly failure: KubeFailure }
  /** Before anything is claimed: are the good inputs all there? */
  | { readonly is: 'gather'; readonly good: GoodInputs };

type Done = Extract<RollBackStep, { is: 'done' }>;

/** helm killed by somebody is run again; with good inputs to gather, and what is stuck to be settled, this often. */
const MAX_STEPS = 5;

/** One call of *Roll back release*; a call that follows a dead one goes on where that one stopped. */
export function rollBack(deps: Deps) {
  return async (input: RollBackInput, work: Work, cluster: Cluster): Promise<RollBackAnswer> => {
    let ready: Ready | undefined;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = await takeStep(deps, input, work, cluster, ready);
      switch (step.is) {
        case 'lost':
        case 'refused':
          return { outcome: step.is, because: step.because };
        case 'wait':
          return busy(step, deps.now());
        case 'unreadable':
          return unread({ ...step.failure, because: work.hush.quote(step.failure.because) }, work);
        case 'done':
          return done(deps, work, step);
        case 'gather': {
          const good = await gatherGood(deps, work, step.good, cluster);
          if (!good.ok) return good.answer;
          ready = good;
          break;
        }
        default: {
          const answer = await takeBack(deps, work, cluster, step, ready);
          if (answer !== 'go on') return answer;
        }
      }
    }
    return { outcome: 'refused', because: 'helm was killed each time it rolled back' };
  };
}

function done(deps: Deps, work: Work, { revision, because }: Done): Promise<RollBackAnswer> | RollBackAnswer {
  return revision === undefined ? { outcome: 'uninstalled', because } : rolledBack(deps, work, revision, because);
}

function takeStep(
  deps: Deps,
  { failure }: RollBackInput,
  work: Work,
  cluster: Cluster,
  ready: Ready | undefined,
): Promise<Step> {
  const { table, patience, now } = deps;
  const places = placesOf(work);
  return commit<Step>(table, patience, async () => {
    const [deployment, lease, release] = await Promise.all([
      table.get(places.deployment),
      table.get(places.lease),
      table.get(places.release),
    ]);
    if (deployment === undefined) return { writes: [], result: { is: 'lost', because: 'the deployment is gone' } };
    const history = await cluster.releases.history(deployment.place.namespace, deployment.place.release);
    if (!history.ok) return { writes: [], result: { is: 'unreadable', failure: history } };
    const mayGo = release?.goodRevision === undefined;
    const adopted = mayGo ? await findAdopted(cluster.kube, deployment.place, history.value) : undefined;
    if (adopted !== undefined && !adopted.ok) return { writes: [], result: { is: 'unreadable', failure: adopted } };
    const seen = { deployment, attempt: work.attempt, lease, release, history: history.value, adopted: adopted?.value };
    const step = rollBackStep({ ...seen, ...wished(work, now()) }, now());
    if (!('changes' in step) || lease === undefined) return { writes: [], result: step };
    if (step.is === 're-apply' && step.good.inputsDigest !== ready?.inputsDigest) {
      return { writes: [], result: { is: 'gather', good: step.good } };
    }
    const claim = replace(places.lease, lease, step.changes);
    return { writes: [claim, ...begun(deployment, sentence(step, failure.because), now())], result: step };
  });
}

/** The first call tells the history; later ones only hold on to the deployment. */
function begun(deployment: DeploymentItem, text: string, at: Date): readonly Write[] {
  const state = 'rolling-back';
  if (deployment.state === state) return [unchanged(placesOf({ deployment }).deployment, deployment)];
  return tell(deployment, { state }, [{ at, kind: 'roll-back-started', text, state }]);
}

function sentence(step: ClaimedStep, because: string): string {
  return `${doing(step)}, because ${because}`.slice(0, 2000);
}

function unread(failure: KubeFailure, work: Work): RollBackAnswer {
  const because = `the release cannot be read: ${explained(failure, work.deployment)}`;
  if (failure.code === 'unreachable') return { outcome: 'unreachable', because: failure.because };
  if (failure.code === 'forbidden' || failure.code === 'unauthorised') return barred(because);
  return { outcome: 'refused', because };
}
