/** What would become of a release in its cluster: helm's own rendering, each object tried there, and what would go away. */
import type { ObjectRef } from '../../../domain/kube.ts';
import type { EnvironmentDiff, ObjectChange, PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { goneObjects, objectId } from '../../../domain/plan-diff/gone-objects.ts';
import { addressed, objectName } from '../../../domain/plan-diff/object-name.ts';
import type { PreviewSight, RenderedHook } from '../../../domain/plan-diff/preview-sight.ts';
import type { HelmInputs, HelmProblem } from '../../../domain/release/helm.ts';
import { type Concealing, conceal } from './conceal.ts';
import type { DiffDeps } from './preview-deps.ts';
import { judgeSize } from './size-problem.ts';
import { standing } from './standing.ts';
import { takeAway } from './take-away.ts';
import { type TriedObject, tryObject } from './try-object.ts';

export type ReleaseSeen =
  | ({ readonly ok: true } & Pick<
      EnvironmentDiff,
      'deployed' | 'objects' | 'same' | 'hooks' | 'problems' | 'size' | 'notes'
    >)
  | { readonly ok: false; readonly state: 'blocked' | 'unreachable'; readonly problem: PlanProblem };

/** More fields of one object are counted, not listed. */
const MAX_FIELDS = 100;

export interface LookAtRelease {
  readonly sight: PreviewSight;
  readonly inputs: HelmInputs;
  readonly chart: Parameters<DiffDeps['recordSize']>[0]['chart'];
  readonly forceConflicts: boolean;
  readonly concealing: Concealing;
  readonly recordSize: DiffDeps['recordSize'];
}

/** Never throws for what the cluster or helm says. */
export async function lookAtRelease(props: LookAtRelease): Promise<ReleaseSeen> {
  const { sight, inputs, forceConflicts, concealing } = props;
  const stands = await standing(sight.releases, inputs);
  if (!stands.ok) return stands;
  const { content } = stands;
  const isUpgrade = content !== undefined;
  const rendered = await sight.render(inputs, isUpgrade);
  if (!rendered.ok) return notRendered(rendered.problem);

  const held = new Set((content?.objects ?? []).map(objectId));
  const named = (ref: ObjectRef) => objectName(addressed(ref, inputs.namespace));
  const trial = {
    sight,
    place: inputs,
    holds: (ref: ObjectRef) => held.has(objectId(ref)),
    forceConflicts,
    bringsNamespaces: rendered.objects.flatMap(({ kind, name }) => (kind === 'Namespace' ? [name] : [])),
    // helm installs them with the first release only.
    bringsKinds: isUpgrade ? [] : await sight.kindsInCrds(inputs),
  };
  const tried = await Promise.all(rendered.objects.map((object) => tryObject(trial, object, named(object))));
  const changed = await Promise.all(tried.map((one) => changeOf(concealing, one, inputs.namespace)));
  const changes = changed.filter((change) => change !== undefined);
  const gone = await takeAway(sight, goneObjects(content?.objects ?? [], rendered.objects), inputs.namespace);
  const { chart } = props;
  const measured = judgeSize(props.recordSize({ ...inputs, chart, manifest: rendered.manifest }));
  const problems = tried.flatMap((one) => one.problems);
  return {
    ok: true,
    ...(isUpgrade && { deployed: { version: content.chart.version, revision: content.revision } }),
    objects: [...changes, ...gone.changes],
    same: rendered.objects.length - changes.length,
    hooks: hooksRun(rendered.hooks, isUpgrade),
    problems: once([...problems, ...gone.problems, ...stands.problems, ...measured.problems]),
    size: measured.size,
    notes:
      rendered.aside === undefined ? [] : [`rendered without the cluster, so lookups find nothing: ${rendered.aside}`],
  };
}

function notRendered({ code, because }: HelmProblem): ReleaseSeen {
  if (code === 'unreachable') {
    return { ok: false, state: 'unreachable', problem: { code, blocks: true, because, outcome: code } };
  }
  if (code === 'forbidden' || code === 'unauthorised') {
    return { ok: false, state: 'blocked', problem: { code, blocks: true, because, outcome: 'forbidden' } };
  }
  const values = code === 'template-broken' || code === 'values-broken' ? code : undefined;
  const problem = { blocks: true, because, ...(values !== undefined && { outcome: values }) };
  return { ok: false, state: 'blocked', problem: { ...problem, code: values === undefined ? 'chart' : 'values' } };
}

async function changeOf(
  concealing: Concealing,
  { object, live, changes }: TriedObject,
  namespace: string,
): Promise<ObjectChange | undefined> {
  if (live !== undefined && changes.length === 0) return undefined;
  const fields = await Promise.all(changes.slice(0, MAX_FIELDS).map(conceal(concealing, object.kind)));
  const more = changes.length - fields.length;
  return {
    ...addressed(object, namespace),
    change: live === undefined ? 'create' : 'update',
    fields: fields.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ...(more > 0 && { more }),
  };
}

function hooksRun(hooks: readonly RenderedHook[], isUpgrade: boolean): readonly string[] {
  const when = isUpgrade ? ['pre-upgrade', 'post-upgrade'] : ['pre-install', 'post-install'];
  return hooks.flatMap(({ kind, name, events }) =>
    when.filter((event) => events.includes(event)).map((event) => `${event} ${kind} ${name}`),
  );
}

function once(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
