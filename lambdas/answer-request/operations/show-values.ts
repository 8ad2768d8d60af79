import { EffectiveQuery } from '../../../contracts/api/query.ts';
import { keys } from '../../../domain/keys.ts';
import { type Answer, type Call, queryOf } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

/**
 * GET /environments/{environment}/packages/{package}/values: of the version that is asked for, else of that which is deployed there, else of the newest.
 * plan-rollout freezes what a rollout would be made of now, and the environment's deployer works it out: this function reads no values.
 */
export async function showValues(deps: Deps, call: Call): Promise<Answer> {
  const { version: asked } = queryOf(call, EffectiveQuery);
  const { environment, package: pkg } = call;
  const [place, entry, release] = await Promise.all([
    deps.table.get(keys.environment(environment)),
    deps.table.get(keys.package(pkg)),
    deps.table.get(keys.release(environment, pkg)),
  ]);
  if (place === undefined) throw new Refused('not-found', `environment ${environment} is not registered`);
  if (entry === undefined) throw new Refused('not-found', `package ${pkg} is not registered`);
  const version = asked ?? release?.version;
  const id = deps.newId();
  const view = { id, package: pkg, environment, ...(version !== undefined && { version }) };
  const frozen = await deps.freezeView({ v: 1, view });
  if (frozen.outcome === 'silent') throw new Refused('unavailable', frozen.because);
  if (frozen.outcome === 'refused') throw new Refused('values-unusable', frozen.because);
  const shown = await deps.askValues(place.deployer, { v: 1, operation: 'values', planId: id, environment });
  if (shown.outcome === 'silent') throw new Refused('unavailable', shown.because);
  if (shown.outcome === 'blocked') throw new Refused('values-unusable', shown.because);
  return { status: 200, body: shown.view };
}
