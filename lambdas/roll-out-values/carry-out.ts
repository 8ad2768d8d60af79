import { commit } from '../../domain/commit.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { EnvironmentItem } from '../../domain/items/registry.ts';
import type { ChangedParameter } from '../../domain/items/rollout.ts';
import type { ChangeItem } from '../../domain/items/values.ts';
import { keys } from '../../domain/keys.ts';
import { lookAtStart } from '../../domain/rollout/look-at-start.ts';
import type { Write } from '../../domain/table.ts';
import { type CarriedOut, carryOutChange, endChange } from '../../domain/values-change/carry-out-change.ts';
import { listed } from '../../domain/values-change/change-text.ts';
import { changers } from '../../domain/values-change/changers.ts';
import { type LayerNow, layersChanged } from '../../domain/values-change/layers-changed.ts';
import { lookAtAttempted } from '../../domain/values-change/look-at-attempted.ts';
import { unrepaired } from '../../domain/values-change/unrepaired.ts';
import { usersOf } from '../../domain/values-change/users-of.ts';
import { whenDue } from '../../domain/values-change/when-due.ts';
import type { Deps } from './deps.ts';
import { layersNow } from './layers-now.ts';

type Done = Pick<CarriedOut, 'because'> & { readonly is: CarriedOut['is'] | 'gathers'; readonly id?: string };

/** Acts on the change of one package when it is due, as the package says: a rollout, a plan, or nothing. */
export async function carryOut(deps: Deps, name: string): Promise<Done> {
  const id = deps.newId();
  const done = await commit(deps.table, deps.patience, async () => {
    const change = await deps.table.get(keys.change(name));
    if (change?.state !== 'gathering') return { writes: [], result: gathers('it is not gathered any more') };
    const due = whenDue(change, deps.pace, deps.now());
    return due.due ? await act(deps, change, id) : { writes: [], result: gathers(due.because) };
  });
  const told = done.is === 'waits' || done.is === 'gathers';
  if (!told)
    deps.log.info(`change ${done.is}`, { package: name, because: done.because, ...(done.id && { id: done.id }) });
  return done;
}

const gathers = (because: string): Done => ({ is: 'gathers', because });

async function act(
  deps: Deps,
  change: ChangeItem,
  id: string,
): Promise<{ readonly writes: readonly Write[]; readonly result: Done }> {
  const { pkg, ...start } = await lookAtStart(deps.table, change.package);
  if (pkg === undefined) return over(change, `package ${change.package} is not registered any more`);
  if (pkg.valuesRollout === 'off') return over(change, `valuesRollout of ${pkg.name} is off`);
  const concerned = await concernedBy(deps, change.package, change.changed, start.environments);
  const caution =
    pkg.valuesRollout === 'auto' ? await cautionOf(deps, change, concerned, start.environments) : undefined;
  const how = pkg.valuesRollout === 'auto' && caution === undefined ? ('start' as const) : ('announce' as const);
  const seen = { ...start, pkg, change, concerned, promotionOrder: deps.promotionOrder };
  const { writes, ...result } = carryOutChange(
    seen,
    { how, id, principal: changers(change.changed, deps.account), caution },
    deps.now(),
  );
  return { writes, result };
}

function over(change: ChangeItem, because: string) {
  return { writes: [endChange(change, because)], result: { is: 'ended', because } as const };
}

/** The environments that use a changed layer whose bytes are others than those attempted there last. */
async function concernedBy(
  deps: Deps,
  pkg: string,
  changed: readonly Pick<ChangedParameter, 'name' | 'at'>[],
  all: readonly EnvironmentItem[],
) {
  const names = changed.map(({ name }) => name);
  const users = usersOf(deps.layerRules, pkg, all, names);
  const [attempted, now] = await Promise.all([
    lookAtAttempted(
      deps.table,
      pkg,
      users.map(({ environment }) => environment.name),
    ),
    layersNow(deps, names),
  ]);
  return users.flatMap(({ environment: { name }, places }) => {
    const last = attempted.get(name);
    if (last === undefined) return [];
    const anew = changed.some((one) => places.some((place) => place.name === one.name) && isAnew(one, now, last));
    if (!anew && layersChanged(last.inputs, places, now).length === 0) return [];
    return [{ environment: name, version: last.inputs.version }];
  });
}

/**
 * A parameter that points to its layer is compared by its version, and one that was deleted and made anew has the same again: made
 * after what was attempted last had begun, it is another. Whether it says something else is seen when it is planned.
 */
function isAnew(
  { name, at }: Pick<ChangedParameter, 'name' | 'at'>,
  now: ReadonlyMap<string, LayerNow>,
  { startedAt }: Pick<DeploymentItem, 'startedAt'>,
): boolean {
  const found = now.get(name);
  if (found === undefined || found.digest !== undefined || startedAt === undefined) return false;
  return Date.parse(at) > Date.parse(startedAt);
}

/** Why it is left to an operator: it would bring layers along that have proved bad elsewhere. */
async function cautionOf(
  deps: Deps,
  change: ChangeItem,
  concerned: Awaited<ReturnType<typeof concernedBy>>,
  all: readonly EnvironmentItem[],
): Promise<string | undefined> {
  if (change.after === undefined) return undefined;
  const before = await deps.table.get(keys.rollout(change.after));
  const suspects = unrepaired(change, before);
  if (before === undefined || suspects.length === 0) return undefined;
  const places = all.filter(({ name }) => concerned.some(({ environment }) => environment === name));
  const bad = before.valuesChange?.changed.filter(({ name }) => suspects.includes(name)) ?? [];
  const reached = await concernedBy(deps, change.package, bad, places);
  if (reached.length === 0) return undefined;
  const where = listed(reached.map(({ environment }) => environment));
  return `it would bring ${listed(suspects)} to ${where}, too, with which rollout ${before.id} ended ${before.state}: edit that again, or apply it by hand`;
}
