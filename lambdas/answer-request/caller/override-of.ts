import { nameOf } from '../../../domain/callers/principal.ts';
import type { Override } from '../../../domain/items/rollout.ts';
import type { Call } from '../call.ts';
import { Refused } from '../refused.ts';
import { withEmergency } from './with-emergency.ts';

/**
 * The override that a call asks for, with its reason; undefined when it asks for none. Whether the freezes in the way let
 * the role pass is said by `domain/freezes/admission.ts`.
 * @throws Refused for anybody but operators
 */
export function overrideOf(
  { caller }: Pick<Call, 'caller'>,
  reason: string | undefined,
  now: Date,
): Override | undefined {
  if (reason === undefined) return undefined;
  const { principal } = caller;
  if (caller.is !== 'operator' && caller.is !== 'break-glass') {
    const detail =
      'overrideFreeze is for operators: ask one, or leave it out and the rollout waits for the freeze to end';
    throw new Refused('forbidden', detail, [{ pointer: '/overrideFreeze', detail }]);
  }
  return {
    role: principal.role,
    by: nameOf(principal),
    reason: withEmergency(reason, principal),
    at: now.toISOString(),
  };
}
