/** Words of helm or of a cluster about what depends on secrets: they may quote anything that a template made of one. */
import type { PlanProblem } from '../../../domain/plan-diff/environment-diff.ts';
import type { RenderedRelease } from '../../../domain/plan-diff/preview-sight.ts';
import type { HelmProblem } from '../../../domain/release/helm.ts';
import { redactor } from '../../../domain/values/secrets/redactor.ts';

const LEFT_OUT = 'the words are not shown, for secrets may be part of them';

/** What is left of a problem: what kind of problem it is. */
export function hushProblem({ code, blocks, outcome }: PlanProblem, object?: string): PlanProblem {
  const because = `${WHAT[code] ?? 'something is wrong with it'} (${LEFT_OUT})`;
  return { code, blocks, because, ...(object !== undefined && { object }), ...(outcome && { outcome }) };
}

const WHAT: { readonly [C in PlanProblem['code']]?: string } = {
  immutable: 'a field that can never change would change: make it anew or give it another name',
  invalid: 'the cluster would not take it',
  conflict: 'somebody else owns fields of it: take them out of the chart, or set forceConflicts on the package',
  'no-such-kind': 'the cluster does not know its kind',
  'no-namespace': 'its namespace does not exist',
  forbidden: 'the deployer may not do that',
  unauthorised: 'the cluster does not know the deployer',
  unreachable: 'the cluster does not answer',
  'no-dry-run': 'it cannot be tried',
  deletion: 'it would be deleted',
  'not-adoptable': 'it stands there and is not of this release',
};

/**
 * Why helm does not render a chart. When it does not with a stand-in for every secret either, what it says of that is told: that says
 * nothing of the secrets.
 */
export function hushHelm(problem: HelmProblem, standIn: RenderedRelease, texts: readonly string[]): HelmProblem {
  const { code } = problem;
  if (!standIn.ok && standIn.problem.code === code) return { code, because: redactor(texts)(standIn.problem.because) };
  return { code, because: `helm does not render the chart with its secrets (${LEFT_OUT})` };
}
