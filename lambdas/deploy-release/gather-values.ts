/** The values of one deployment: its frozen layers, weakest first, and the rollout's own on top. */
import type { PulledValue } from '../../contracts/deployer.ts';
import type { Failure } from '../../contracts/machines.ts';
import { smallFailure } from '../../domain/deployment/failure.ts';
import type { DeploymentItem, FrozenLayer } from '../../domain/items/deployment.ts';
import type { JsonMap } from '../../domain/json.ts';
import { keys } from '../../domain/keys.ts';
import { mergeLayers } from '../../domain/values/merge-layers.ts';
import type { Deps } from './deps.ts';

export type Gathered =
  | { readonly ok: true; readonly values: JsonMap; readonly effectiveDigest: string }
  | { readonly ok: false; readonly failure: Failure };

type Needs = Pick<Deps, 'table' | 'plans' | 'digest' | 'readLayer' | 'canonical'>;

/** Uses what Step Functions pulled where its digest is the frozen one, else the frozen copy. */
export async function gatherValues(
  deps: Needs,
  deployment: DeploymentItem,
  pulled: readonly PulledValue[],
): Promise<Gathered> {
  const layers: JsonMap[] = [];
  for (const layer of deployment.inputs.layers) {
    const text = await frozenText(deps, layer, pulled);
    if (text === undefined) return { ok: false, failure: missing(layer) };
    const read = deps.readLayer(layer.name, layer.version, text);
    if (!read.ok) return { ok: false, failure: smallFailure('values-broken', read.because) };
    layers.push(read.values);
  }
  const { inputs, rolloutId } = deployment;
  const request = await deps.table.get(keys.request(inputs.valuesOf ?? rolloutId));
  // Another rollout's own values are what was good: without them this would be something else.
  if (request === undefined && inputs.valuesOf !== undefined)
    return { ok: false, failure: noValuesOf(inputs.valuesOf) };
  const values = mergeLayers([...layers, request?.values ?? {}]);
  return { ok: true, values, effectiveDigest: await deps.digest(deps.canonical(values)) };
}

async function frozenText(
  { digest, plans }: Needs,
  layer: FrozenLayer,
  pulled: readonly PulledValue[],
): Promise<string | undefined> {
  const found = pulled.find(({ name, version }) => name === layer.name && version === layer.version);
  if (found !== undefined && (await digest(found.value)) === layer.digest) return found.value;
  // The parameter is gone, or was deleted and made anew: only the copy has the bytes that were planned.
  const copy = await plans.get(layer.copy);
  if (copy === undefined || (await digest(copy)) !== layer.digest) return undefined;
  return new TextDecoder().decode(copy);
}

function noValuesOf(rollout: string): Failure {
  return smallFailure('values-missing', `the own values of rollout ${rollout} are gone: start a new rollout`);
}

function missing({ name, version }: FrozenLayer): Failure {
  const because = `parameter ${name}, version ${version}, is not what was planned any more and its frozen copy is gone: start a new rollout`;
  return smallFailure('values-missing', because);
}
