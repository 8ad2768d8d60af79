/** What a rollout that is asked for now would wait on: freezes that hold in the environments it matches. */
import type { FreezeItem } from '../items/gates.ts';
import type { Override } from '../items/rollout.ts';
import type { Calendar } from '../ports.ts';
import { type Labels, matches } from '../target.ts';
import { endingCommand, type Frozen, holding, type Mover } from './holding.ts';

export interface FrozenNow extends Frozen {
  /** Of those that the rollout matches. */
  readonly environments: readonly string[];
}

interface Place {
  readonly name: string;
  readonly labels: Labels;
}

/** Each freeze that holds somewhere the rollout goes, with where. */
export function frozenNow(
  freezes: readonly FreezeItem[],
  mover: Mover,
  environments: readonly Place[],
  when: { readonly now: Date; readonly calendar: Calendar },
): readonly FrozenNow[] {
  return holding(freezes, mover, when.now, when.calendar).flatMap((frozen) => {
    const names = environments.filter(({ labels }) => matches(frozen.freeze.target, labels)).map(({ name }) => name);
    return names.length === 0 ? [] : [{ ...frozen, environments: names }];
  });
}

/** Why an override does not do; undefined when it passes all that is in the way, or nobody asked for one. */
export function notPassed(override: Override | undefined, frozen: readonly FrozenNow[]): string | undefined {
  const [first] = frozen;
  if (override === undefined || first === undefined) return undefined;
  const { freeze, environments } = first;
  const who = freeze.overridableBy.join(' or ');
  const where =
    environments.length > 3
      ? `${environments.slice(0, 3).join(', ')} and ${environments.length - 3} more`
      : environments.join(', ');
  return `freeze ${freeze.name} (${freeze.reason}) holds in ${where} and does not let role ${override.role} pass, only ${who}: end it (${endingCommand(freeze)}), or wait`;
}
