/** What a plan would change in one environment: its values against those that are deployed, and its objects against the cluster's. */
import type { EnvironmentDiff, PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import { judgeDiff } from '../../../domain/plan-diff/judge-diff.ts';
import { troubledDiff } from '../../../domain/plan-diff/summarise-plan.ts';
import type { FrozenDeployment, FrozenPlan } from '../../../domain/rollout/frozen-plan.ts';
import { redactor } from '../../../domain/values/secrets/redactor.ts';
import { diffValues } from './diff-values.ts';
import { lookAtRelease } from './look-at-release.ts';
import type { DiffDeps, PreparedPreview } from './preview-deps.ts';
import { redactDiff } from './redact-diff.ts';

/** Whatever the values, helm or the cluster say is in the answer. @throws for trouble of our own */
export async function diffEnvironment(
  deps: DiffDeps,
  plan: FrozenPlan,
  deployment: FrozenDeployment,
): Promise<EnvironmentDiff> {
  const { environment, stage, place, actAs } = deployment;
  const of = { environment, stage, version: plan.version };
  const prepared = await deps.prepare(plan, deployment);
  if (!prepared.ok) return notPrepared(of, prepared);
  const [looked, deployed] = await Promise.all([
    deps.look(place.cluster, environment, actAs),
    deps.deployed(plan, deployment),
  ]);
  const redact = redactor([...prepared.secrets, ...deployed.secrets]);
  if (!looked.reached) {
    const { because } = looked;
    const problem: PlanProblem = { code: 'unreachable', blocks: true, because, outcome: 'unreachable' };
    return redactDiff(troubledDiff(of, 'unreachable', problem), redact);
  }
  const { sight } = looked;
  try {
    const unsure = !deployed.known && deployed.unsure === true;
    const concealing = { digest: deps.digest, canonical: deps.canonical, redact, unsure };
    const { inputs, chart, leaves } = prepared;
    const { forceConflicts } = plan;
    const [values, seen] = await Promise.all([
      diffValues(concealing, prepared, deployed),
      lookAtRelease({
        ...{ sight, chart, forceConflicts, recordSize: deps.recordSize },
        given: { inputs, leaves },
        ...(deployed.known && deployed.inputs && { deployed: { inputs: deployed.inputs, leaves: deployed.leaves } }),
        concealing: { ...concealing, place: [plan.rolloutId] },
      }),
    ]);
    const remedied = (problem: PlanProblem) => withRemedy(deps, plan, deployment, problem);
    if (!seen.ok) return redactDiff(troubledDiff(of, seen.state, await remedied(seen.problem)), redact);
    const { ok: _, ...release } = seen;
    const problems = [...needs(prepared), ...(await Promise.all(seen.problems.map(remedied))), ...values.problems];
    const notes = [...seen.notes, ...(deployed.known ? [] : [deployed.because])];
    const diff = { v: 1 as const, ...of, ...release, values: values.changes, problems, notes };
    return redactDiff({ ...diff, ...judgeDiff(diff) }, redact);
  } finally {
    sight.close();
  }
}

/** Rights that are missing name the command that grants them. */
async function withRemedy(
  { remedy }: Pick<DiffDeps, 'remedy'>,
  plan: FrozenPlan,
  deployment: FrozenDeployment,
  problem: PlanProblem,
): Promise<PlanProblem> {
  if (problem.code !== 'forbidden' && problem.code !== 'unauthorised') return problem;
  const { code, because } = problem;
  return { ...problem, because: await remedy(plan, deployment, { code, because }) };
}

function needs({ missing }: Extract<PreparedPreview, { ok: true }>): readonly PlanProblem[] {
  if (missing === undefined) return [];
  return [{ code: 'missing-dependency', blocks: true, because: missing, outcome: 'missing-dependency' }];
}

function notPrepared(
  of: Pick<EnvironmentDiff, 'environment' | 'stage' | 'version'>,
  { code, because }: Extract<PreparedPreview, { ok: false }>,
): EnvironmentDiff {
  if (code === 'unreachable') return troubledDiff(of, code, { code, blocks: true, because, outcome: code });
  const isChart = code === 'chart-not-found' || code === 'chart-changed';
  return troubledDiff(of, 'blocked', { code: isChart ? 'chart' : 'values', blocks: true, because, outcome: code });
}
