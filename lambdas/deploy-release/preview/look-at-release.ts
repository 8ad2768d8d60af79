/** What would become of a release in its cluster: helm's own rendering, each object tried there, and what would go away. */
import type { ObjectRef } from '../../../domain/kube.ts';
import { byId } from '../../../domain/plan-diff/compare-renderings.ts';
import type { EnvironmentDiff, PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { goneObjects, objectId } from '../../../domain/plan-diff/gone-objects.ts';
import type { PreviewSight } from '../../../domain/plan-diff/preview-sight.ts';
import type { HelmProblem } from '../../../domain/release/helm.ts';
import type { Concealing } from './conceal.ts';
import { hushHelm } from './hush-problem.ts';
import type { DiffDeps } from './preview-deps.ts';
import { type Given, renderStandIns } from './stand-ins.ts';
import { standing } from './standing.ts';
import { blind, type Telling, telling, tellingBefore } from './telling.ts';
import { hooksTold, newTogether, notesTold, sizeTold } from './told-beside.ts';
import { goneTold, type TriedTold, tryTold } from './try-told.ts';

export type ReleaseSeen =
  | ({ readonly ok: true } & Pick<
      EnvironmentDiff,
      'deployed' | 'objects' | 'same' | 'hooks' | 'problems' | 'size' | 'notes'
    >)
  | { readonly ok: false; readonly state: 'blocked' | 'unreachable'; readonly problem: PlanProblem };

export interface LookAtRelease {
  readonly sight: PreviewSight;
  /** What would be applied. */
  readonly given: Given;
  /** What is deployed, where that is known. */
  readonly deployed?: Given;
  readonly chart: Parameters<DiffDeps['recordSize']>[0]['chart'];
  readonly forceConflicts: boolean;
  readonly concealing: Concealing;
  readonly recordSize: DiffDeps['recordSize'];
}

/** Never throws for what the cluster or helm says. */
export async function lookAtRelease(props: LookAtRelease): Promise<ReleaseSeen> {
  const { sight, given, forceConflicts } = props;
  const { inputs } = given;
  const { redact } = props.concealing;
  const stands = await standing(sight.releases, inputs);
  if (!stands.ok) return stands;
  const { content } = stands;
  const isUpgrade = content !== undefined;
  const [rendered, withStandIns, standInsBefore] = await Promise.all([
    sight.render(inputs, isUpgrade),
    renderStandIns(sight, given, redact, isUpgrade),
    props.deployed && isUpgrade ? renderStandIns(sight, props.deployed, redact, isUpgrade) : undefined,
  ]);
  const standIns = rendered.readSecrets === true ? blind(inputs) : withStandIns;
  if (!rendered.ok) {
    return notRendered(
      standIns === undefined ? rendered.problem : hushHelm(rendered.problem, standIns.one, standIns.texts),
    );
  }
  const tells = telling(rendered, standIns);
  const before = tellingBefore(standInsBefore);
  const concealing = before === 'unsure' ? { ...props.concealing, unsure: true } : props.concealing;

  const held = new Set((content?.objects ?? []).map(objectId));
  const trial = {
    sight,
    place: inputs,
    holds: (ref: ObjectRef) => held.has(objectId(ref)),
    forceConflicts,
    bringsNamespaces: rendered.objects.flatMap(({ kind, name }) => (kind === 'Namespace' ? [name] : [])),
    // helm installs them with the first release only.
    bringsKinds: isUpgrade ? [] : await sight.kindsInCrds(inputs),
  };
  const told = { concealing, tells, before, own: inputs.namespace, held };
  const tried = await Promise.all([...byId(rendered.objects)].map(([id, object]) => tryTold(trial, told, id, object)));
  const changes = tells.of === 'nothing' ? newTogether(tried) : tried.flatMap(({ change }) => change ?? []);
  const leave = goneObjects(content?.objects ?? [], rendered.objects);
  const gone = await goneTold(sight, leave, told);
  const stay = stayOf(tells, { held: held.size - leave.length, rendered: rendered.objects.length }, tried, changes);
  const size = sizeTold(props, rendered, standIns);
  const problems = tried.flatMap((one) => one.problems);
  return {
    ok: true,
    ...(isUpgrade && { deployed: { version: content.chart.version, revision: content.revision } }),
    objects: [...changes, ...gone.changes],
    same: stay,
    hooks: hooksTold(rendered.hooks, standIns, isUpgrade),
    problems: once([...problems, ...gone.problems, ...stands.problems, ...size.problems]),
    ...(size.size && { size: size.size }),
    notes: notesTold(rendered, standIns, tells, before),
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

/** Of what the release holds only, where how many objects there would be may tell a secret. */
function stayOf(
  tells: Telling,
  of: { readonly held: number; readonly rendered: number },
  tried: readonly TriedTold[],
  changes: readonly unknown[],
): number {
  if (tells.of !== 'nothing') return of.rendered - changes.length;
  return Math.max(0, of.held - tried.filter((one) => one.isNamed && one.change).length);
}

function once(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
