/** Brings a deployment's inputs into the cluster, without waiting for readiness: prepare, claim, helm, record. */
import type { ApplyAnswer, ApplyInput } from '../../contracts/deployer.ts';
import type { Failure } from '../../contracts/machines.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import { diedTooOften } from '../../domain/deployment/known-over.ts';
import type { ApplyStep } from '../../domain/release/apply-step.ts';
import type { HelmAnswer, HelmProblem } from '../../domain/release/helm.ts';
import { behindFence } from './behind-fence.ts';
import { busy } from './busy.ts';
import type { Cluster, Deps } from './deps.ts';
import { blocked, errored, failureOf, fencedThoughOurs, readFailure } from './failures.ts';
import { leaveToBuild } from './leave-to-build.ts';
import { recordEnd, type Work } from './operation.ts';
import { type Prepared, prepare } from './prepare.ts';
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
type Ready = Extract<Prepared, { ok: true }>;

/** One call of *Apply release*. What it cannot finish, the next call of the same try takes up. */
export function apply(deps: Deps) {
  return async (input: ApplyInput, work: Work, cluster: Cluster): Promise<ApplyAnswer> => {
    const prepared = await prepare(deps, work.deployment, input, cluster);
    if (!prepared.ok) return prepared.answer;
    const leaves = whyLeft(deps, work, prepared);
    let killed: Killed = { touched: false, because: 'helm was killed again and again' };
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const step = await takeStep(deps, work, cluster, { ...prepared, leaves });
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
          return await applied(deps, work, { revision: step.revision, effectiveDigest: prepared.effectiveDigest });
        case 'left':
          return await leaveToBuild(deps, work, step.because);
        case 'unreadable':
          return await readFailure(deps, work.deployment, step.failure);
        case 'repair': {
          const trouble = await repair(deps, work, cluster, step);
          if (trouble !== undefined) return trouble;
          break;
        }
        case 'upgrade': {
          const answer = await upgrade(deps, { work, cluster, step, broken: input.broken, ...prepared });
          if ('outcome' in answer) return answer;
          killed = answer;
        }
      }
    }
    return afterKilled(killed);
  };
}

/** What was cut off is repaired by now. */
async function givenUp(deps: Deps, work: Work, because: string): Promise<ApplyAnswer> {
  const lost = await recordEnd(deps, work);
  return lost === undefined
    ? errored(`${because}; the release is as it was before`)
    : { outcome: 'lost', because: lost };
}

/** Post-hooks may take as long as they like, and helm waits for readiness before them: more than a function can promise. */
function whyLeft({ leavesPostHooks }: Deps, { deployment }: Work, { hooks }: Ready): string | undefined {
  if (leavesPostHooks !== true || hooks.length === 0 || deployment.shortHooks === true) return undefined;
  return `the chart has hooks that run once its pods are ready (${hooks.slice(0, 5).join(', ')}) and are not declared short`;
}

/** What it left half done is taken back like any other bad release; nobody says that the inputs were to blame. */
function afterKilled({ touched, because }: Killed): ApplyAnswer {
  const failure = smallFailure('interrupted', `${because}: look at the deployer's memory, then start again`);
  return { outcome: touched ? 'failed' : 'blocked', failure };
}

async function repair(deps: Deps, work: Work, { helm }: Cluster, step: Repair): Promise<ApplyAnswer | undefined> {
  const { namespace, release } = work.deployment.place;
  const { forceConflicts, actAs } = work.deployment;
  const run = { namespace, release, actAs };
  deps.log.warn('repairing what an earlier call left behind', { because: step.because, way: step.way.is });
  const answer = await behindFence(deps, work, step, (fence) =>
    step.way.is === 'uninstall'
      ? helm.uninstall({ ...run, fence })
      : helm.rollBack({ ...run, fence, toRevision: step.way.toRevision, forceConflicts }),
  );
  const lost = await recordEnd(deps, work);
  if (answer.ok || answer.problem.code === 'interrupted' || answer.problem.code === 'no-such-release') return undefined;
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  const { code, because } = answer.problem;
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  return blocked('interrupted', `${step.because}; repairing it did not work either: ${because}`);
}

interface UpgradeProps extends Pick<Ready, 'inputs' | 'effectiveDigest' | 'hooks'> {
  readonly work: Work;
  readonly cluster: Cluster;
  readonly step: Upgrade;
  readonly broken: ApplyInput['broken'];
}

async function upgrade(deps: Deps, props: UpgradeProps): Promise<ApplyAnswer | Killed> {
  const { work, cluster, step, inputs, hooks, effectiveDigest } = props;
  const tooOften = diedTooOften(props.broken);
  if (tooOften !== undefined) return givenUp(deps, work, tooOften);
  const { forceConflicts, actAs } = work.deployment;
  const run = { ...inputs, actAs, forceConflicts, waits: hooks.length > 0 };
  const began = deps.now();
  const answer = await behindFence(deps, work, step, (fence) => cluster.helm.upgrade({ ...run, fence }));
  const release = { lastSeconds: secondsOf(answer, began, deps.now(), work) };
  const made = await whatHelmMade(cluster.releases, work.deployment.place, step);
  if (answer.ok && made === 'ours') {
    return applied(deps, work, { revision: step.expectedRevision, effectiveDigest, release });
  }
  const changes = made === 'ours' ? { revision: step.expectedRevision } : {};
  const lost = await recordEnd(deps, work, { changes, release });
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  if (answer.ok) return afterwards(made);
  const touched = made === 'ours';
  if (answer.problem.code === 'interrupted')
    return { touched, because: `helm was killed while it made revision ${step.expectedRevision}` };
  const longer = whyLonger(deps, work, answer.problem);
  if (longer !== undefined) return leaveToBuild(deps, work, longer);
  return refused(deps, work, answer.problem, touched);
}

/** What only the function's own end has cut off proves nothing against the inputs: a build repairs it and gives it its whole time. */
function whyLonger({ leavesPostHooks }: Deps, { call, deployment }: Work, { code }: HelmProblem): string | undefined {
  if (code !== 'out-of-time' || leavesPostHooks !== true || call.cutShort !== true) return undefined;
  return `helm was not done when the function's time was over, and the package has ${deployment.timeoutMinutes} minutes`;
}

/** helm said yes, but the revision that stands there is not the one it made. */
function afterwards(made: 'another' | 'unknown' | 'ours' | 'none'): ApplyAnswer {
  if (made === 'unknown') return { outcome: 'unreachable', because: 'helm is done, but its release cannot be read' };
  return blocked('foreign-operation', 'helm was done, then somebody else changed the release: look at its history');
}

/** What was cut off would have taken longer than all the time that there was. */
function secondsOf(answer: HelmAnswer, began: Date, ended: Date, { call }: Work): number {
  const cutOff = !answer.ok && answer.problem.code === 'out-of-time';
  const until = cutOff ? Math.max(call.hardEnd.getTime(), ended.getTime()) : ended.getTime();
  return Math.ceil((until - began.getTime()) / 1000);
}

interface Made {
  readonly revision: number;
  readonly effectiveDigest: string;
  /** What is known of the operation; nothing when an earlier call made it. */
  readonly release?: { readonly lastSeconds: number };
}

async function applied(deps: Deps, work: Work, made: Made): Promise<ApplyAnswer> {
  const { revision, effectiveDigest, release } = made;
  const { deployment } = work;
  const { namespace, release: name } = deployment.place;
  const observeUntil = new Date(deps.now().getTime() + deployment.timeoutMinutes * 60_000).toISOString();
  const because = `${deployment.inputs.version} is revision ${revision} of ${namespace}/${name}`;
  const lost = await recordEnd(deps, work, {
    changes: { state: 'observing', revision, effectiveDigest, observeUntil },
    ...(release !== undefined && { release }),
    event: { kind: 'deployment-applied', text: because, state: 'observing' },
  });
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  return { outcome: 'applied', revision, because };
}

async function refused(deps: Deps, { deployment }: Work, problem: HelmProblem, touched: boolean): Promise<ApplyAnswer> {
  const { code, because } = problem;
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  if (code === 'disk-full' && !touched) return errored(because);
  const failure: Failure = await failureOf(deps, deployment, problem);
  return touched ? { outcome: 'failed', failure } : { outcome: 'blocked', failure };
}
