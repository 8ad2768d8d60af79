/** One object of the chart, tried on the cluster: what it would change there, and why it would be refused. */
import type { KubeObject } from '../../../domain/kube.ts';
import { compareWritten } from '../../../domain/plan-diff/compare-written.ts';
import { diffObject, isMark, type RawChange } from '../../../domain/plan-diff/diff-object.ts';
import { type DryRunAnswer, FIELD_MANAGER, type RenderedObject } from '../../../domain/plan-diff/dry-run.ts';
import type { PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { isOfRelease } from '../../../domain/plan-diff/gone-objects.ts';
import type { PreviewSight } from '../../../domain/plan-diff/preview-sight.ts';
import { type RefusalSeen, refusalProblem } from '../../../domain/plan-diff/refusal-problem.ts';
import type { HelmRelease } from '../../../domain/release/helm.ts';

/** What is known of the release and its chart while its objects are tried. */
export interface Trial extends Pick<RefusalSeen, 'forceConflicts' | 'bringsNamespaces' | 'bringsKinds'> {
  readonly sight: PreviewSight;
  readonly place: HelmRelease;
  /** Whether the release that stands there holds this object already. */
  readonly holds: (object: RenderedObject) => boolean;
}

export interface TriedObject {
  readonly object: RenderedObject;
  /** As it is there; none when it would be new. */
  readonly live?: KubeObject;
  readonly changes: readonly RawChange[];
  readonly problems: readonly PlanProblem[];
}

/** Never throws for what the cluster says. */
export async function tryObject(trial: Trial, object: RenderedObject, name: string): Promise<TriedObject> {
  const { sight } = trial;
  const [found, first] = await Promise.all([sight.kube.get(object), sight.dryRun.apply(object, { force: false })]);
  const live = found.ok ? found.value : undefined;
  const problems: PlanProblem[] = [];
  if (!found.ok && found.code !== 'not-found') problems.push(unread(found, name));
  if (live !== undefined && !trial.holds(object) && !isOfRelease(live, trial.place)) problems.push(notOurs(name));

  const answer = !first.ok && first.refusal.code === 'conflict' ? await forced(trial, object) : first;
  const seen = { ...trial, object, name };
  const refused = new Map<string, PlanProblem>();
  for (const tried of [first, answer]) {
    const problem = tried.ok ? undefined : refusalProblem({ ...seen, refusal: tried.refusal });
    if (problem !== undefined) refused.set(JSON.stringify(problem), problem);
  }
  const changes = changesOf(live, object, answer).filter((change) => !isMark(change));
  return { object, ...(live !== undefined && { live }), changes, problems: [...problems, ...refused.values()] };
}

/** What others own is shown as it would be were it taken over. */
function forced({ sight }: Trial, object: RenderedObject): Promise<DryRunAnswer> {
  return sight.dryRun.apply(object, { force: true });
}

function changesOf(live: KubeObject | undefined, object: RenderedObject, answer: DryRunAnswer): readonly RawChange[] {
  if (live === undefined || !answer.ok)
    return compareWritten(live === undefined ? undefined : { ...live }, object.content);
  return diffObject(live, answer.would, FIELD_MANAGER);
}

function unread(failure: { readonly code: string; readonly because: string }, name: string): PlanProblem {
  const { because } = failure;
  if (failure.code === 'unreachable') return { code: 'unreachable', blocks: true, because, outcome: 'unreachable' };
  return { code: 'forbidden', blocks: true, because, object: name, outcome: 'forbidden' };
}

function notOurs(name: string): PlanProblem {
  return {
    code: 'not-adoptable',
    blocks: true,
    because:
      'it stands there and is not of this release: remove it, or let helm take it over by its labels (app.kubernetes.io/managed-by, meta.helm.sh/release-name, meta.helm.sh/release-namespace)',
    object: name,
    outcome: 'not-adoptable',
  };
}
