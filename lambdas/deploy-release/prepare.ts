/** Everything that can be wrong before the cluster is touched: values, chart, hooks. */
import type { ApplyAnswer, ApplyInput } from '../../contracts/deployer.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { HelmInputs } from '../../domain/release/helm.ts';
import type { Cluster, Deps } from './deps.ts';
import { blocked, failureOf } from './failures.ts';
import { gatherValues } from './gather-values.ts';

export type Prepared =
  | { readonly ok: true; readonly inputs: HelmInputs; readonly effectiveDigest: string }
  | { readonly ok: false; readonly answer: ApplyAnswer };

/** Gathers a deployment's inputs and refuses what could not be rolled out safely. */
export async function prepare(
  deps: Deps,
  deployment: DeploymentItem,
  { values: pulled }: ApplyInput,
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
  if (!hooks.ok) {
    return { ok: false, answer: { outcome: 'blocked', failure: await failureOf(deps, deployment, hooks.problem) } };
  }
  if (hooks.afterwards.length > 0) return { ok: false, answer: blocked('post-hooks', refusal(hooks.afterwards)) };
  return { ok: true, inputs, effectiveDigest };
}

function refusal(hooks: readonly string[]): string {
  const which = hooks.slice(0, 5).join(', ');
  return `the chart has hooks that helm would run before its pods are ready (${which}): make them pre-upgrade hooks or Jobs of the chart`;
}
