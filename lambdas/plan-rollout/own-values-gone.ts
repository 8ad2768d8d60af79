/** Are the own values of earlier rollouts still those that were frozen? They stand in each rollout's request. */
import type { Inputs } from '../../domain/items/deployment.ts';
import { keys } from '../../domain/keys.ts';
import type { Digest } from '../../domain/ports.ts';
import { type Canonical, frozenText } from '../../domain/rollout/frozen.ts';
import type { Table } from '../../domain/table.ts';

export interface OwnValuesDeps {
  readonly table: Pick<Table, 'get'>;
  readonly digest: Digest;
  readonly canonical: Canonical;
}

/**
 * A sentence for each rollout whose values are gone, or differ: an inputs digest is made of chart, layers and own
 * values, so that it comes out the same only with the same. Inputs that do not say whose values they have are left out.
 */
export async function ownValuesGone(
  { table, digest, canonical }: OwnValuesDeps,
  inputs: readonly Inputs[],
): Promise<readonly string[]> {
  const gone = new Set<string>();
  for (const one of new Map(inputs.map((one) => [one.digest, one])).values()) {
    const { valuesOf } = one;
    if (valuesOf === undefined || gone.has(valuesOf)) continue;
    const request = await table.get(keys.request(valuesOf));
    const text = request && frozenText({ ...one, values: request.values }, canonical);
    if (text === undefined || (await digest(text)) !== one.digest) gone.add(valuesOf);
  }
  return [...gone].map((id) => `the own values of rollout ${id}`);
}
