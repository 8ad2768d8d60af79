/** Runs helm for one claimed step of taking a release back, and says what came of it. */
import type { RollBackAnswer } from '../../contracts/deployer.ts';
import type { Fence, HelmAnswer, HelmProblem } from '../../domain/release/helm.ts';
import type { RollBackStep } from '../../domain/release/roll-back-step.ts';
import { behindFence } from './behind-fence.ts';
import type { Cluster, Deps } from './deps.ts';
import { fencedThoughOurs } from './failures.ts';
import type { GoodAgain } from './gather-good.ts';
import { recordEnd, type Work } from './operation.ts';
import { whatHelmMade } from './what-helm-made.ts';

/** What helm is run for. */
export type ClaimedStep = Extract<RollBackStep, { changes: unknown }>;
export type Ready = Extract<GoodAgain, { ok: true }>;
/** `go on`: look again, and take the next step. */
export type TakenBack = RollBackAnswer | 'go on';

/** `ready`: the good inputs, for the step that applies them again. */
export async function takeBack(
  deps: Deps,
  work: Work,
  cluster: Cluster,
  step: ClaimedStep,
  ready: Ready | undefined,
): Promise<TakenBack> {
  const answer = await behindFence(deps, work, step, (fence) => helmFor(work, cluster, step, ready, fence));
  const made = answer.ok && (await isMade(cluster, work, step));
  if (made && (step.is === 'roll-back' || step.is === 're-apply')) {
    return rolledBack(deps, work, step.expectedRevision, sentenceOf(step));
  }
  const lost = await recordEnd(deps, work);
  if (lost !== undefined) return { outcome: 'lost', because: lost };
  const gone = step.is === 'uninstall' && (answer.ok || answer.problem.code === 'no-such-release');
  if (gone) return { outcome: 'uninstalled', because: 'the first install was taken away again' };
  if (answer.ok) return 'go on';
  return trouble({ ...answer.problem, because: work.hush.quote(answer.problem.because) }, step);
}

function helmFor(
  { deployment }: Work,
  { helm }: Cluster,
  step: ClaimedStep,
  ready: Ready | undefined,
  fence: Fence,
): Promise<HelmAnswer> {
  const { place, forceConflicts, actAs } = deployment;
  const run = { namespace: place.namespace, release: place.release, actAs, fence };
  if (step.is === 'uninstall') return helm.uninstall(run);
  if (step.is !== 're-apply') return helm.rollBack({ ...run, toRevision: step.toRevision, forceConflicts });
  if (ready === undefined) throw new Error('good inputs are applied again before they were gathered');
  return helm.upgrade({ ...ready.inputs, ...run, forceConflicts, waits: ready.hooks.length > 0 });
}

/** What helm says that it has applied is believed by number and fence, as everywhere. */
async function isMade({ releases }: Cluster, { deployment }: Work, step: ClaimedStep): Promise<boolean> {
  return step.is !== 're-apply' || (await whatHelmMade(releases, deployment.place, step)) === 'ours';
}

function sentenceOf(step: Extract<ClaimedStep, { is: 'roll-back' | 're-apply' }>): string {
  if (step.is === 'roll-back') return `revision ${step.expectedRevision} is revision ${step.toRevision} again`;
  return `revision ${step.expectedRevision} is ${step.good.version} of rollout ${step.good.rolloutId} again`;
}

/** From now on the good revision has its time to become ready. */
export async function rolledBack(deps: Deps, work: Work, revision: number, because: string): Promise<RollBackAnswer> {
  const observeUntil = new Date(deps.now().getTime() + work.deployment.timeoutMinutes * 60_000).toISOString();
  const lost = await recordEnd(deps, work, { changes: { observeUntil } });
  return lost === undefined ? { outcome: 'rolled-back', revision, because } : { outcome: 'lost', because: lost };
}

function trouble({ code, because }: HelmProblem, step: ClaimedStep): TakenBack {
  if (code === 'interrupted') return 'go on';
  if (code === 'unreachable') return { outcome: 'unreachable', because };
  if (code === 'fenced') return fencedThoughOurs(because);
  if (code === 'unauthorised') return barred(because);
  const what = step.is === 'roll-back' ? `rolling back to revision ${step.toRevision}` : doing(step);
  return { outcome: 'refused', because: `${what} did not work: ${because}` };
}

/** What is being done, as its event says it. */
export function doing(step: ClaimedStep): string {
  switch (step.is) {
    case 'uninstall':
      return 'taking the first install away';
    case 're-apply':
      return `applying ${step.good.version} of rollout ${step.good.rolloutId} again, for helm no longer remembers revision ${step.good.revision}`;
    case 'un-stick':
      return `back to revision ${step.toRevision} first, which helm applied last`;
    case 'roll-back':
      return `back to revision ${step.toRevision}`;
  }
}

/** Nothing was tried: rights that come back within the machine's patience let the roll-back go on. */
export function barred(because: string): RollBackAnswer {
  return { outcome: 'unreachable', code: 'forbidden', because };
}
