import { commit } from '../../domain/commit.ts';
import type { EnvironmentItem, PackageItem } from '../../domain/items/registry.ts';
import type { ChangedParameter, RolloutItem } from '../../domain/items/rollout.ts';
import { keys } from '../../domain/keys.ts';
import { layersOf } from '../../domain/values/layers/layer-names.ts';
import { gatherChange } from '../../domain/values-change/gather-change.ts';
import { layersChanged } from '../../domain/values-change/layers-changed.ts';
import { lookAtAttempted } from '../../domain/values-change/look-at-attempted.ts';
import { isMissed } from '../../domain/values-change/missed.ts';
import { UNKNOWN } from '../../domain/values-change/ports.ts';
import type { Deps } from './deps.ts';
import { layersNow } from './layers-now.ts';

/** Where a layer differs from what was attempted there last, and by which rollout. */
type Differs = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Gathers the changes of one package's layers whose events never came, as if they had. Answers how many.
 * It compares with what was attempted last: a bad change that was taken back is no difference.
 */
export async function sweepPackage(deps: Deps, pkg: PackageItem, all: readonly EnvironmentItem[]): Promise<number> {
  const { table, patience, now, log } = deps;
  const differs = await differing(deps, pkg, all);
  const rollouts = new Map<string, RolloutItem>();
  for (const id of new Set([...differs.values()].flatMap((ids) => [...ids]))) {
    const rollout = await table.get(keys.rollout(id));
    if (rollout !== undefined) rollouts.set(id, rollout);
  }
  const missed: ChangedParameter[] = [];
  for (const [name, ids] of differs) {
    const last = await deps.history.last(name);
    const changed = last === undefined ? { name, by: UNKNOWN, at: now().toISOString() } : { name, ...last };
    const attempts = [...ids].flatMap((id) => rollouts.get(id) ?? []);
    if (attempts.some((rollout) => isMissed(changed, rollout))) missed.push(changed);
  }
  if (missed.length === 0) return 0;
  const noted = await commit(table, patience, async () => {
    const change = await table.get(keys.change(pkg.name));
    const { writes, because } = gatherChange(change, pkg.name, missed, now());
    return { writes, result: writes.length > 0 ? because : undefined };
  });
  if (noted === undefined) return 0;
  log.warn('changes found that no event had told', { package: pkg.name, because: noted });
  return missed.length;
}

async function differing(deps: Deps, { name: pkg }: PackageItem, all: readonly EnvironmentItem[]): Promise<Differs> {
  const attempted = await lookAtAttempted(
    deps.table,
    pkg,
    all.map(({ name }) => name),
  );
  const there = all.flatMap((environment) => {
    const last = attempted.get(environment.name);
    return last === undefined ? [] : [{ last, places: layersOf(deps.layerRules, pkg, environment) }];
  });
  const names = [...new Set(there.flatMap(({ places }) => places.map(({ name }) => name)))];
  const now = names.length === 0 ? new Map() : await layersNow(deps, names);
  const differs = new Map<string, Set<string>>();
  for (const { last, places } of there) {
    for (const { name } of layersChanged(last.inputs, places, now)) {
      differs.set(name, (differs.get(name) ?? new Set()).add(last.rolloutId));
    }
  }
  return differs;
}
