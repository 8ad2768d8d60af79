/** Brings a deployment's inputs into the cluster, without waiting for readiness: prepare, claim, helm, record. */
import type { ApplyAnswer, ApplyInput } from '../../contracts/deployer.ts';
import type { Failure } from '../../contracts/machines.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import type { ApplyStep } from '../../domain/release/apply-step.ts';
import type { HelmInputs, HelmProblem } from '../../domain/release/helm.ts';
import { busy } from './busy.ts';
import type { Cluster, Deps } from './deps.ts';
import { blocked, failureOf, fencedThoughOurs, readFailure } from './failures.ts';
import { endingWith, fenceOf, recordEnd, type Work } from './operation.ts';
import { prepare } from './prepare.ts';
import { takeStep } from './take-step.ts';
import { whatHelmMade } from './what-helm-made.ts';

/** Repair, apply, and once more when helm was killed in between. */
const MAX_STEPS = 5;

/** Not by us: by whoever found it too big, most likely. */
interface Killed {
  readonly touched: boolean;
  readonly because: string;
}

type Upgrade = Extract<ApplyStep, { is: 'upgrade' }>;
type Repair = Extract<ApplyStep, { is: 'repair' }>;

/** One call of *Apply release*. What it cannot finish, the next call of the same try takes up. */
export function apply(deps: Deps) {
  return async (input: ApplyInput, work: Work, cluster: Cluster): Promise<ApplyAnswer> => {
    const prepared = await prepare(deps, work.deployment, input, cluster);
    if (!prepared.ok) return prepared.answer;
    let killed: Killed = { touched: false, because: 'helm was killed again and again' };
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = await takeStep(deps, work, cluster, prepared.effectiveDigest);
      switch (step.is) {
        case 'lost':
          return { outcome: 'lost', because: step.because };
        case 'wait':
          return busy(step, deps.now());
        case 'blocked':
          return blocked(step.outcome.code, step.outcome.because);
        case 'unchanged':
          return { outcome: 'unchanged', revision: step.revision, because: step.because };
        case 'made':
          return await applied(deps, work, step.revision, prepared.effectiveDigest);
        case 'unreadable':
          return await readFailure(deps, work.deployment, step.failure);
        case 'repair': {
          const trouble = await repair(deps, work, cluster, step);
          if (trouble !== undefined) return trouble;
          break;
        }
        case 'upgrade': {
          const answer = await upgrade(deps, { work, cluster, step, ...prepared });
          if ('outcome' in answer) return answer;
          killed = answer;
        }
      }
    }
    return afterKilled(killed);
  };
}

/** What it left half done is taken back like any other bad release; nobody says that the inputs were to blame. */
function afterKilled({ touched, because }: Killed): ApplyAnswer {
  const failure = smallFailure('interrupted', `${because}: look at the deployer's memory, then start again`);
  return { outcome: touched ? 'failed' : 'blocked', failure };
}

async function repair(deps: Deps, work: Work, { helm }: Cluster, step: Repair): Promise<ApplyAnswer | undefined> {
  const { namespace, release } = work.deployment.place;
  const { forceConflicts, actAs } = work.deployment;
  const run = { namespace, release, actAs, fence: fenceOf(deps, work, step.fence) };
  deps.log.warn('repairing what an earlier call left behind', { because: step.because, way: step.way.is });
  const answer = await endingWith(deps, work, () =>
    step.way.is === 'roll-back'
      ? helm.rollBack({ ...run, toRevision: step.way.toRevision, forceConflicts })
      : helm.uninstall(run),
  );
  const lost = await recordEnd(deps, work);
  if (answer.ok || answer.problem.code === 'interrupted' || answer.problem.code === 'no-such-release') return undefined;
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  const { code, because } = answer.problem;
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  return blocked('interrupted', `${step.because}; repairing it did not work either: ${because}`);
}

interface UpgradeProps {
  readonly work: Work;
  readonly cluster: Cluster;
  readonly step: Upgrade;
  readonly inputs: HelmInputs;
  readonly effectiveDigest: string;
}

async function upgrade(deps: Deps, props: UpgradeProps): Promise<ApplyAnswer | Killed> {
  const { work, cluster, step, inputs } = props;
  const fence = fenceOf(deps, work, step.fence);
  const { forceConflicts, actAs } = work.deployment;
  const run = { ...inputs, actAs, forceConflicts, fence };
  const answer = await endingWith(deps, work, () => cluster.helm.upgrade(run));
  const made = await whatHelmMade(cluster.releases, work.deployment.place, step);
  if (answer.ok && made === 'ours') return applied(deps, work, step.expectedRevision, props.effectiveDigest);
  const changes = made === 'ours' ? { revision: step.expectedRevision } : {};
  const lost = await recordEnd(deps, work, { changes });
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  if (answer.ok) return afterwards(made);
  const touched = made === 'ours';
  if (answer.problem.code === 'interrupted')
    return { touched, because: `helm was killed while it made revision ${step.expectedRevision}` };
  return refused(deps, work, answer.problem, touched);
}

/** helm said yes, but the revision that stands there is not the one it made. */
function afterwards(made: 'another' | 'unknown' | 'ours' | 'none'): ApplyAnswer {
  if (made === 'unknown') return { outcome: 'unreachable', because: 'helm is done, but its release cannot be read' };
  return blocked('foreign-operation', 'helm was done, then somebody else changed the release: look at its history');
}

async function applied(deps: Deps, work: Work, revision: number, effectiveDigest: string): Promise<ApplyAnswer> {
  const { deployment } = work;
  const { namespace, release } = deployment.place;
  const observeUntil = new Date(deps.now().getTime() + deployment.timeoutMinutes * 60_000).toISOString();
  const because = `${deployment.inputs.version} is revision ${revision} of ${namespace}/${release}`;
  const lost = await recordEnd(deps, work, {
    changes: { state: 'observing', revision, effectiveDigest, observeUntil },
    event: { kind: 'deployment-applied', text: because, state: 'observing' },
  });
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  return { outcome: 'applied', revision, because };
}

async function refused(deps: Deps, { deployment }: Work, problem: HelmProblem, touched: boolean): Promise<ApplyAnswer> {
  const { code, because } = problem;
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  const failure: Failure = await failureOf(deps, deployment, problem);
  return touched ? { outcome: 'failed', failure } : { outcome: 'blocked', failure };
}
