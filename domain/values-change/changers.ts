/** As whom a rollout goes that nobody asked for but by editing values. */
import type { ChangedParameter, Principal } from '../items/rollout.ts';
import { changersText } from './change-text.ts';

/** What stands in place of a role. It is no role's name, so that no session of any role is taken for it. */
export const VALUES_CHANGE = 'values change';

/** The principal of what follows by itself from these changes; its session is who made them. */
export function changers(changed: readonly ChangedParameter[], account: string): Principal {
  return { role: VALUES_CHANGE, session: changersText(changed), account };
}
