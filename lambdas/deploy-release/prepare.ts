/** Everything that can be wrong before the cluster is touched: values and chart. */
import type { ApplyAnswer, ApplyInput } from '../../contracts/deployer.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { HelmInputs } from '../../domain/release/helm.ts';
import type { Cluster, Deps } from './deps.ts';
import { blocked, errored, failureOf } from './failures.ts';
import { gatherValues } from './gather-values.ts';

export type Prepared =
  | {
      readonly ok: true;
      readonly inputs: HelmInputs;
      readonly effectiveDigest: string;
      /** Such as `post-install Job/migrate`: they run once the release is ready. */
      readonly hooks: readonly string[];
    }
  | { readonly ok: false; readonly answer: ApplyAnswer };

/** Gathers a deployment's inputs and refuses what could not be rolled out safely. */
export async function prepare(
  deps: Deps,
  deployment: DeploymentItem,
  { values: pulled }: Pick<ApplyInput, 'values'>,
  { helm }: Cluster,
): Promise<Prepared> {
  const { chart, chartDigest } = deployment.inputs;
  const { namespace, release } = deployment.place;
  const [gathered, pull] = await Promise.all([
    gatherValues(deps, deployment, pulled),
    deps.charts.pull(chart, chartDigest),
  ]);
  if (!gathered.ok) return { ok: false, answer: { outcome: 'blocked', failure: gathered.failure } };
  if (!pull.pulled) {
    const { code, because } = pull;
    return { ok: false, answer: code === 'unreachable' ? { outcome: code, because } : blocked(code, because) };
  }
  const { values, effectiveDigest } = gathered;
  const inputs = { namespace, release, archive: pull.archive, values };
  const hooks = await helm.hooksAfterwards(inputs);
  if (!hooks.ok && hooks.problem.code === 'disk-full') return { ok: false, answer: errored(hooks.problem.because) };
  if (!hooks.ok) {
    return { ok: false, answer: { outcome: 'blocked', failure: await failureOf(deps, deployment, hooks.problem) } };
  }
  return { ok: true, inputs, effectiveDigest, hooks: hooks.afterwards };
}
