/** Takes back what a deployment applied: to the good revision, or away when nothing good ever stood there. */
import type { RollBackAnswer, RollBackInput } from '../../contracts/deployer.ts';
import { commit } from '../../domain/commit.ts';
import { append } from '../../domain/events.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { EventsItem } from '../../domain/items/history.ts';
import type { KubeFailure } from '../../domain/kube.ts';
import type { HelmProblem } from '../../domain/release/helm.ts';
import { type RollBackStep, rollBackStep } from '../../domain/release/roll-back-step.ts';
import { replace, unchanged, type Write } from '../../domain/table.ts';
import { busy } from './busy.ts';
import type { Cluster, Deps } from './deps.ts';
import { explained, fencedThoughOurs } from './failures.ts';
import { findAdopted } from './find-adopted.ts';
import { endingWith, fenceOf, placesOf, recordEnd, type Work } from './operation.ts';

type Step = RollBackStep | { readonly is: 'unreadable'; readonly failure: KubeFailure };
type RollBackTo = Extract<RollBackStep, { is: 'roll-back' }>;
type Uninstall = Extract<RollBackStep, { is: 'uninstall' }>;

/** helm killed by somebody is run again, this often. */
const MAX_STEPS = 3;

/** One call of *Roll back release*; a call that follows a dead one goes on where that one stopped. */
export function rollBack(deps: Deps) {
  return async (input: RollBackInput, work: Work, cluster: Cluster): Promise<RollBackAnswer> => {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = await takeStep(deps, input, work, cluster);
      switch (step.is) {
        case 'lost':
        case 'refused':
          return { outcome: step.is, because: step.because };
        case 'wait':
          return busy(step, deps.now());
        case 'unreadable':
          return unread(step.failure, work);
        case 'done':
          return step.revision === undefined
            ? { outcome: 'uninstalled', because: step.because }
            : rolledBack(deps, work, step.revision, step.because);
        case 'roll-back':
        case 'uninstall': {
          const answer = await run(deps, work, cluster, step);
          if (answer !== 'killed') return answer;
        }
      }
    }
    return { outcome: 'refused', because: 'helm was killed each time it rolled back' };
  };
}

function takeStep(deps: Deps, { failure }: RollBackInput, work: Work, cluster: Cluster): Promise<Step> {
  const { table, patience, now } = deps;
  const places = placesOf(work);
  return commit<Step>(table, patience, async () => {
    const [deployment, lease, release, events] = await Promise.all([
      table.get(places.deployment),
      table.get(places.lease),
      table.get(places.release),
      table.get(places.events),
    ]);
    if (deployment === undefined) return { writes: [], result: { is: 'lost', because: 'the deployment is gone' } };
    const history = await cluster.releases.history(deployment.place.namespace, deployment.place.release);
    if (!history.ok) return { writes: [], result: { is: 'unreadable', failure: history } };
    const mayGo = release?.goodRevision === undefined;
    const adopted = mayGo ? await findAdopted(cluster.kube, deployment.place, history.value) : undefined;
    if (adopted !== undefined && !adopted.ok) return { writes: [], result: { is: 'unreadable', failure: adopted } };
    const seen = { deployment, attempt: work.attempt, lease, release, history: history.value, adopted: adopted?.value };
    const step = rollBackStep({ ...seen, ...work.call }, now());
    if ((step.is !== 'roll-back' && step.is !== 'uninstall') || lease === undefined)
      return { writes: [], result: step };
    const claim = replace(places.lease, lease, step.changes);
    return { writes: [claim, ...begun(deployment, events, sentence(step, failure.because), now())], result: step };
  });
}

/** The first call tells the history; later ones only hold on to the deployment. */
function begun(deployment: DeploymentItem, events: EventsItem | undefined, text: string, at: Date): readonly Write[] {
  const { rolloutId, environment, stage, state } = deployment;
  const key = placesOf({ deployment }).deployment;
  if (state === 'rolling-back' || events === undefined) return [unchanged(key, deployment)];
  const event = { kind: 'roll-back-started' as const, text, by: 'fairlead', at: at.toISOString(), stage, environment };
  const told = append(rolloutId, events, [{ ...event, state: 'rolling-back' }]);
  return [replace(key, deployment, { state: 'rolling-back' }), ...told];
}

function sentence(step: RollBackTo | Uninstall, because: string): string {
  const where = step.is === 'uninstall' ? 'taking the first install away' : `back to revision ${step.toRevision}`;
  return `${where}, because ${because}`.slice(0, 2000);
}

async function run(deps: Deps, work: Work, { helm }: Cluster, step: RollBackTo | Uninstall) {
  const { place, forceConflicts, actAs } = work.deployment;
  const { namespace, release } = place;
  const own = { namespace, release, actAs, fence: fenceOf(deps, work, step.fence) };
  const answer = await endingWith(deps, work, () =>
    step.is === 'uninstall'
      ? helm.uninstall(own)
      : helm.rollBack({ ...own, toRevision: step.toRevision, forceConflicts }),
  );
  const gone = step.is === 'uninstall' && (answer.ok || answer.problem.code === 'no-such-release');
  if (answer.ok && step.is === 'roll-back') {
    const because = `revision ${step.expectedRevision} is revision ${step.toRevision} again`;
    return rolledBack(deps, work, step.expectedRevision, because);
  }
  const lost = await recordEnd(deps, work);
  if (lost !== undefined) return { outcome: 'lost' as const, because: lost };
  if (gone) return { outcome: 'uninstalled' as const, because: 'the first install was taken away again' };
  return answer.ok ? ('killed' as const) : trouble(answer.problem, step);
}

/** From now on the good revision has its time to become ready. */
async function rolledBack(deps: Deps, work: Work, revision: number, because: string): Promise<RollBackAnswer> {
  const observeUntil = new Date(deps.now().getTime() + work.deployment.timeoutMinutes * 60_000).toISOString();
  const lost = await recordEnd(deps, work, { changes: { observeUntil } });
  return lost === undefined ? { outcome: 'rolled-back', revision, because } : { outcome: 'lost', because: lost };
}

function trouble({ code, because }: HelmProblem, step: RollBackTo | Uninstall): RollBackAnswer | 'killed' {
  if (code === 'interrupted') return 'killed';
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  if (code === 'unauthorised') return barred(because);
  const what = step.is === 'uninstall' ? 'uninstalling' : `rolling back to revision ${step.toRevision}`;
  return { outcome: 'refused', because: `${what} did not work: ${because}` };
}

function unread(failure: KubeFailure, work: Work): RollBackAnswer {
  const because = `the release cannot be read: ${explained(failure, work.deployment)}`;
  if (failure.code === 'unreachable') return { outcome: 'unreachable', because: failure.because };
  if (failure.code === 'forbidden' || failure.code === 'unauthorised') return barred(because);
  return { outcome: 'refused', because };
}

/** Nothing was tried: rights that come back within the machine's patience let the roll-back go on. */
function barred(because: string): RollBackAnswer {
  return { outcome: 'unreachable', code: 'forbidden', because };
}
