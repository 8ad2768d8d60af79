import { BreakGlassReason } from '../../../contracts/api/principal.ts';
import type { Route } from '../../../contracts/api/route.ts';
import type { ApiRequest } from '../../../contracts/api-request.ts';
import { headerOf, type KnownCaller } from '../call.ts';
import { Refused } from '../refused.ts';

const HEADER = 'Fairlead-Break-Glass';

/**
 * The emergency role changes nothing without saying why; the reason goes wherever the caller is named afterwards. Nobody else has to give one, and whoever
 * does is refused: their calls would look like emergencies.
 * @throws Refused
 */
export function sayWhy(caller: KnownCaller, { method }: Pick<Route, 'method'>, request: ApiRequest): KnownCaller {
  const breakGlass = headerOf({ request }, HEADER, BreakGlassReason);
  if (caller.is !== 'break-glass') {
    if (breakGlass === undefined) return caller;
    throw new Refused(
      'invalid',
      `the header ${HEADER} is for the emergency role, and ${caller.principal.role} is not it: leave it out`,
    );
  }
  if (method === 'GET') return caller;
  if (breakGlass === undefined) {
    throw new Refused(
      'invalid',
      `${caller.principal.role} changes nothing without a reason: send it in the header ${HEADER} (fairlead … --break-glass 'why')`,
    );
  }
  return { ...caller, principal: { ...caller.principal, breakGlass } };
}
