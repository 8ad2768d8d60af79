import type { Principal } from '../../../domain/items/rollout.ts';

/** A reason as it is kept: whoever reads why something was done reads of the emergency, too. */
export function withEmergency(reason: string, { breakGlass }: Principal): string {
  return breakGlass === undefined ? reason : `${reason} (BREAK-GLASS: ${breakGlass})`;
}
