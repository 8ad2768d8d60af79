/** Everything that can be wrong before the cluster is touched: values and chart. */
import type { ApplyInput, PulledValue } from '../../contracts/deployer.ts';
import type { DeploymentItem, Place } from '../../domain/items/deployment.ts';
import type { JsonMap } from '../../domain/json.ts';
import type { HelmInputs } from '../../domain/release/helm.ts';
import { judgeRecordSize } from '../../domain/release/record-size.ts';
import type { ChartContent } from '../../domain/values/chart-content.ts';
import type { Resolved } from '../../domain/values/effective.ts';
import { blameLayers } from '../../domain/values/schema-fault.ts';
import type { Cluster, Deps } from './deps.ts';
import { errored, failureOf } from './failures.ts';
import { findMissing } from './find-missing.ts';
import { type Gathering, gatherValues } from './gather-values.ts';
import { ownValuesOf } from './own-values.ts';
import { type Trouble, trouble } from './values/trouble.ts';

/** What helm is given, and where each part of it comes from. */
export interface PreparedInputs {
  readonly ok: true;
  readonly inputs: HelmInputs;
  readonly resolved: Extract<Resolved, { ok: true }>;
  readonly effectiveDigest: string;
  readonly chart: ChartContent;
}

export type Prepared =
  | (PreparedInputs & {
      /** Such as `post-install Job/migrate`: they run once the release is ready. */
      readonly hooks: readonly string[];
    })
  | Trouble;

/** Gathers a deployment's inputs and refuses what could not be rolled out safely. */
export async function prepare(
  deps: Deps,
  deployment: DeploymentItem,
  { values: pulled }: Pick<ApplyInput, 'values'>,
  { helm }: Cluster,
): Promise<Prepared> {
  const own = await ownValuesOf(deps, deployment);
  if (!own.ok) return own;
  const prepared = await prepareInputs(deps, { ...deployment, own: own.own }, pulled);
  if (!prepared.ok) return prepared;
  const missing = await findMissing(deps, prepared.chart.feature, deployment);
  if (missing !== undefined) return missing;
  const hooks = await helm.hooksAfterwards(prepared.inputs);
  if (!hooks.ok && hooks.problem.code === 'disk-full') return { ok: false, answer: errored(hooks.problem.because) };
  if (!hooks.ok) {
    return { ok: false, answer: { outcome: 'blocked', failure: await failureOf(deps, deployment, hooks.problem) } };
  }
  return { ...prepared, hooks: hooks.afterwards };
}

/** What is packed into fewer bytes than this fits into helm's record by far. */
const MAY_BE_LARGE = 512 * 1024;

/** Without what is rendered, so that it would be larger still: helm would fail when everything is applied already. */
function tooLarge(deps: Pick<Deps, 'recordSize'>, archive: Uint8Array, chart: ChartContent, values: JsonMap) {
  if (archive.length + JSON.stringify(values).length < MAY_BE_LARGE) return undefined;
  const judged = judgeRecordSize(deps.recordSize({ archive, chart, values, manifest: '' }));
  return judged.is === 'too-large' ? judged.because : undefined;
}

/** Chart and values of a deployment, or of what one would be; the cluster is not asked. */
export async function prepareInputs(
  deps: Deps,
  what: Gathering & { readonly place: Place },
  pulled: readonly PulledValue[],
): Promise<PreparedInputs | Trouble> {
  const { chart: at, chartDigest } = what.inputs;
  const pull = await deps.charts.pull(at, chartDigest);
  if (!pull.pulled) return trouble(pull.code, pull.because);
  const read = deps.readChart(pull.archive);
  if (!read.ok) return trouble(read.code, `chart ${at} ${what.inputs.version}: ${read.because}`);
  const { chart } = read;
  const gathered = await gatherValues(deps, chart, what, pulled);
  if (!gathered.ok) return gathered;
  const { resolved, effectiveDigest } = gathered;
  deps.learn?.(resolved.secrets);
  const faults = deps.checkSchemas(chart, resolved.values);
  if (faults.length > 0) return trouble('values-broken', blameLayers(faults, resolved.leaves));
  const large = tooLarge(deps, pull.archive, chart, resolved.values);
  if (large !== undefined) return trouble('release-too-large', large);
  const { namespace, release } = what.place;
  return {
    ok: true,
    inputs: { namespace, release, archive: pull.archive, values: resolved.values },
    resolved,
    effectiveDigest,
    chart,
  };
}
