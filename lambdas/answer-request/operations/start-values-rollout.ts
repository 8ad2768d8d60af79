import { ValuesRolloutBody } from '../../../contracts/api/values-change.ts';
import { commit } from '../../../domain/commit.ts';
import { frozenNow, notPassed } from '../../../domain/freezes/admission.ts';
import type { EnvironmentItem } from '../../../domain/items/registry.ts';
import type { ChangeItem } from '../../../domain/items/values.ts';
import { keys } from '../../../domain/keys.ts';
import { stagesFromTargets } from '../../../domain/registry/stages-of.ts';
import { lookAtStart } from '../../../domain/rollout/look-at-start.ts';
import { type CarriedOut, carryOutChange } from '../../../domain/values-change/carry-out-change.ts';
import { isPending } from '../../../domain/values-change/gather-change.ts';
import { lookAtAttempted } from '../../../domain/values-change/look-at-attempted.ts';
import { usersOf } from '../../../domain/values-change/users-of.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { overrideOf } from '../caller/override-of.ts';
import type { Deps } from '../deps.ts';
import { frozenPart } from '../frozen-views.ts';
import { Refused } from '../refused.ts';

/**
 * POST /packages/{package}/values-rollouts: 202 with a rollout of its own. What differs from what was attempted last is
 * seen when it is planned; where nothing does it ends, having touched nothing.
 */
export async function startValuesRollout(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now, calendar } = deps;
  const { description, targets, overrideFreeze } = bodyOf(call, ValuesRolloutBody);
  const override = overrideOf(call, overrideFreeze, now());
  const id = deps.newId();
  const answer = await commit(table, patience, async () => {
    const change = await table.get(keys.change(call.package));
    const { pkg, freezes, ...start } = await lookAtStart(table, call.package);
    if (pkg === undefined) throw new Refused('not-found', `package ${call.package} is not registered`);
    if (change === undefined || !isPending(change)) throw new Refused('conflict', whyNothing(call.package, change));
    const concerned = await usersWithPast(deps, change, start.environments);
    const { promotionOrder } = deps.installation;
    const { writes, ...done } = carryOutChange(
      { ...start, pkg, change, concerned, promotionOrder },
      {
        how: 'start',
        id,
        principal: call.caller.principal,
        stages: targets && stagesFromTargets(targets),
        description,
        override,
      },
      now(),
    );
    if (done.is !== 'started') throw refusal(done);
    const reached = start.environments.filter(({ name }) => done.matched.includes(name));
    const frozen = frozenNow(freezes, { package: call.package, override }, reached, { now: now(), calendar });
    const notLet = notPassed(override, frozen);
    if (notLet !== undefined) throw new Refused('forbidden', notLet);
    return { writes, result: { matched: done.matched, frozen } };
  });
  const { matched, frozen } = answer;
  return { status: 202, body: { id, package: call.package, state: 'accepted', matched, ...frozenPart(frozen) } };
}

/** Where a changed layer is used and the package was ever begun. */
async function usersWithPast(
  { table, installation }: Deps,
  { package: pkg, changed }: ChangeItem,
  all: readonly EnvironmentItem[],
) {
  const names = changed.map(({ name }) => name);
  const users = usersOf(installation.values, pkg, all, names).map(({ environment }) => environment.name);
  const attempted = await lookAtAttempted(table, pkg, users);
  return [...attempted].map(([environment, { inputs }]) => ({ environment, version: inputs.version }));
}

function refusal({ is, because, ...done }: Omit<CarriedOut, 'writes'>): Refused {
  if (is === 'waits') return new Refused('queue-occupied', because);
  const forbidden = 'code' in done && done.code === 'forbidden';
  return new Refused(forbidden ? 'forbidden' : 'no-environment-matched', because);
}

function whyNothing(pkg: string, change: ChangeItem | undefined): string {
  const last = change === undefined ? '' : ` The last change came to this: ${change.because}.`;
  return `no changed values of ${pkg} wait to be rolled out.${last} To bring them anyway, roll out: fairlead rollout ${pkg} --version V`;
}
