/** A rollout's own values, as they were asked for. */
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { JsonMap } from '../../domain/json.ts';
import { keys } from '../../domain/keys.ts';
import type { Deps } from './deps.ts';
import { type Trouble, trouble } from './values/trouble.ts';

/** Another rollout's own values are what was good: without them this would be something else. */
export async function ownValuesOf(
  { table }: Pick<Deps, 'table'>,
  { inputs, rolloutId }: Pick<DeploymentItem, 'inputs' | 'rolloutId'>,
): Promise<{ readonly ok: true; readonly own: JsonMap } | Trouble> {
  const request = await table.get(keys.request(inputs.valuesOf ?? rolloutId));
  if (request === undefined && inputs.valuesOf !== undefined) {
    return trouble('values-missing', `the own values of rollout ${inputs.valuesOf} are gone: start a new rollout`);
  }
  return { ok: true, own: request?.values ?? {} };
}
