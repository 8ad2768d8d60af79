import { admits, type Route } from '../../contracts/api/route.ts';
import type { ApiRequest } from '../../contracts/api-request.ts';
import { callerOf } from '../../domain/principal.ts';
import { mayReach } from '../../domain/source-rights.ts';
import type { KnownCaller } from './call.ts';
import type { Deps } from './deps.ts';
import { Refused } from './refused.ts';

/**
 * Who is calling, and whether the route is theirs; a source must own the decoded package.
 * API Gateway asked IAM already, whose patterns let `*` cross `/`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 * @throws Refused
 */
export async function recognise(deps: Deps, request: ApiRequest, route: Route, pkg: string): Promise<KnownCaller> {
  const caller = callerOf(request.requestContext.identity.userArn, deps.installation);
  if (caller.is === 'stranger') {
    throw new Refused(
      'unauthenticated',
      `${caller.because}: call as a source, operator or reader role of this installation`,
    );
  }
  if (!admits(route, caller.is)) {
    const may = route.who.join(' and ');
    throw new Refused('forbidden', `${caller.principal.role} may not do this: it is for ${may} roles`);
  }
  if (caller.is !== 'source') return caller;
  const settings = await deps.sourceSettings(caller.source);
  const answer = mayReach(caller.source, settings, pkg);
  if (!answer.allowed || settings === undefined) {
    throw new Refused('forbidden', answer.allowed ? `source ${caller.source} is not configured` : answer.because);
  }
  return { ...caller, settings };
}
