import { commit } from '../../domain/commit.ts';
import type { EnvironmentItem } from '../../domain/items/registry.ts';
import type { ChangeItem } from '../../domain/items/values.ts';
import { keys } from '../../domain/keys.ts';
import { lookAtStart } from '../../domain/rollout/look-at-start.ts';
import type { Write } from '../../domain/table.ts';
import { type CarriedOut, carryOutChange, endChange } from '../../domain/values-change/carry-out-change.ts';
import { changers } from '../../domain/values-change/changers.ts';
import { layersChanged } from '../../domain/values-change/layers-changed.ts';
import { lookAtAttempted } from '../../domain/values-change/look-at-attempted.ts';
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
  const concerned = await concernedBy(deps, change, start.environments);
  const how = pkg.valuesRollout === 'auto' ? ('start' as const) : ('announce' as const);
  const seen = { ...start, pkg, change, concerned, promotionOrder: deps.promotionOrder };
  const { writes, ...result } = carryOutChange(
    seen,
    { how, id, principal: changers(change.changed, deps.account) },
    deps.now(),
  );
  return { writes, result };
}

function over(change: ChangeItem, because: string) {
  return { writes: [endChange(change, because)], result: { is: 'ended', because } as const };
}

/** The environments that use a changed layer whose bytes are others than those attempted there last. */
async function concernedBy(deps: Deps, { package: pkg, changed }: ChangeItem, all: readonly EnvironmentItem[]) {
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
    if (last === undefined || layersChanged(last.inputs, places, now).length === 0) return [];
    return [{ environment: name, version: last.inputs.version }];
  });
}
