/** A person lets a package move again in one environment: its hold goes, and the quarantines of its inputs there. */
import { append } from '../events.ts';
import type { EventsItem } from '../items/history.ts';
import type { HoldItem, QuarantineItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { remove, type Write } from '../table.ts';

/** Quarantines a transaction: each with its history's counter and line, and the audit's line beside, of 100 writes. */
export const LIFTED_AT_ONCE = 30;

export interface LiftSeen {
  readonly hold?: HoldItem | undefined;
  /** At most `LIFTED_AT_ONCE`. */
  readonly quarantines: readonly QuarantineItem[];
  /** Counters of the histories of the rollouts that quarantined, by their ids. */
  readonly histories: ReadonlyMap<string, EventsItem>;
}

/** The writes that lift what was seen; each rollout that quarantined is told in its history, by name. */
export function lift(
  { hold, quarantines, histories }: LiftSeen,
  { by, reason }: { readonly by: string; readonly reason?: string | undefined },
  now: Date,
): Write[] {
  const why = reason === undefined ? '' : `: ${reason}`;
  return [
    ...(hold === undefined ? [] : [remove(keys.hold(hold.environment, hold.package), hold)]),
    ...quarantines.map((item) => remove(keys.quarantine(item.environment, item.package, item.inputsDigest), item)),
    ...Object.entries(Object.groupBy(quarantines, ({ rolloutId }) => rolloutId)).flatMap(([id, lifted = []]) => {
      const events = histories.get(id);
      if (events === undefined) return [];
      const lines = lifted.map(({ environment, package: pkg, because }) => ({
        at: now.toISOString(),
        kind: 'quarantine-lifted' as const,
        text: `${by} lets these inputs of ${pkg} in again${why} (they were quarantined because ${because})`,
        by,
        environment,
      }));
      return append(id, events, lines);
    }),
  ];
}
