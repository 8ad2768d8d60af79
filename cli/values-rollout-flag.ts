/** `--values-rollout`: what becomes of a package's changed layers of values. */
import { VALUES_ROLLOUTS, type ValuesRollout } from '../domain/items/registry.ts';
import type { Call, Flag } from './command.ts';
import { WrongInvocation } from './failure.ts';
import { text } from './flags.ts';

export const VALUES_ROLLOUT_FLAG: Flag = {
  type: 'string',
  value: 'MODE',
  says: 'changed layers of values: auto: rolled out; plan-only: announced with a plan; off: nothing. Default: plan-only',
};

/** The mode that was given, if any, as a part of an entry. @throws WrongInvocation when there is no such mode */
export function valuesRolloutOf({ flags }: Pick<Call, 'flags'>): { readonly valuesRollout?: ValuesRollout } {
  const given = text(flags, 'values-rollout');
  if (given === undefined) return {};
  const valuesRollout = VALUES_ROLLOUTS.find((mode) => mode === given);
  if (valuesRollout === undefined)
    throw new WrongInvocation(`--values-rollout '${given}' is no mode: ${VALUES_ROLLOUTS.join(', ')}`);
  return { valuesRollout };
}
