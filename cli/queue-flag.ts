/** `--queue`: what becomes of rollouts that come while another one is open; of a package, or of one environment. */
import { QUEUE_MODES, type QueueMode } from '../domain/items/registry.ts';
import type { Call, Flag } from './command.ts';
import { WrongInvocation } from './failure.ts';
import { text } from './flags.ts';

export const QUEUE_FLAG: Flag = {
  type: 'string',
  value: 'MODE',
  says: 'queue: every version in order; supersede: the newest of those that wait; reject: one at a time',
};

/** The mode that was given, if any, as a part of an entry. @throws WrongInvocation when there is no such mode */
export function queueOf({ flags }: Pick<Call, 'flags'>): { readonly queue?: QueueMode } {
  const given = text(flags, 'queue');
  if (given === undefined) return {};
  const queue = QUEUE_MODES.find((mode) => mode === given);
  if (queue === undefined) throw new WrongInvocation(`--queue '${given}' is no mode: ${QUEUE_MODES.join(', ')}`);
  return { queue };
}
