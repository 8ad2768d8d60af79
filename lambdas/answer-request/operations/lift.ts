import { LiftBody, type Lifted } from '../../../contracts/api/hold.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import * as domain from '../../../domain/holds/lift.ts';
import type { EventsItem } from '../../../domain/items/history.ts';
import type { HoldItem, QuarantineItem } from '../../../domain/items/release.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import { withEmergency } from '../caller/with-emergency.ts';
import type { Deps } from '../deps.ts';
import { holdView, quarantineView } from '../hold-views.ts';
import { registeredPair } from '../registered-pair.ts';

interface Some {
  readonly hold?: HoldItem | undefined;
  readonly quarantines: readonly QuarantineItem[];
}

/** DELETE /environments/{environment}/packages/{package}/hold: 204, also when nothing was held. Quarantines stay. */
export async function deleteHold({ table, patience, now }: Deps, call: Call): Promise<Answer> {
  const by = nameOf(call.caller.principal);
  await commit(table, patience, async () => {
    const hold = await table.get(keys.hold(call.environment, call.package));
    const seen = { hold, quarantines: [], histories: new Map<string, EventsItem>() };
    return { writes: domain.lift(seen, { by }, now()), result: undefined };
  });
  return { status: 204 };
}

/** POST /environments/{environment}/packages/{package}/lift: 200 with the hold and the quarantines that are no more. @throws Refused when there were none and a name is not registered */
export async function liftAll(deps: Deps, call: Call): Promise<Answer> {
  const { reason } = bodyOf(call, LiftBody);
  const { principal } = call.caller;
  const why = reason === undefined && principal.breakGlass === undefined ? undefined : (reason ?? 'no reason given');
  const who = { by: nameOf(principal), reason: why && withEmergency(why, principal) };
  const lifted: Lifted = { quarantines: [] };
  for (;;) {
    const { hold, quarantines } = await liftSome(deps, call, who);
    if (hold !== undefined) lifted.hold = holdView(hold);
    lifted.quarantines.push(...quarantines.map(quarantineView));
    if (quarantines.length < domain.LIFTED_AT_ONCE) break;
  }
  // What was kept of a pair that is registered no more can be lifted; nothing, of a name that is wrong, is a mistake to tell.
  if (lifted.hold === undefined && lifted.quarantines.length === 0) await registeredPair(deps.table, call);
  return { status: 200, body: lifted };
}

/** As many as go into one transaction. */
async function liftSome(
  { table, patience, now }: Deps,
  { environment, package: pkg }: Call,
  who: Parameters<typeof domain.lift>[1],
): Promise<Some> {
  return commit(table, patience, async () => {
    const [hold, quarantines] = await Promise.all([
      table.get(keys.hold(environment, pkg)),
      table.query(ranges.quarantines(environment, pkg), { limit: domain.LIFTED_AT_ONCE }),
    ]);
    const ids = [...new Set(quarantines.map(({ rolloutId }) => rolloutId))];
    const found = await Promise.all(ids.map(async (id) => [id, await table.get(keys.events(id))] as const));
    const histories = new Map(found.filter((entry): entry is [string, EventsItem] => entry[1] !== undefined));
    return { writes: domain.lift({ hold, quarantines, histories }, who, now()), result: { hold, quarantines } };
  });
}
