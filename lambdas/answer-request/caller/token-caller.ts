import type { ApiRequest } from '../../../contracts/api-request.ts';
import { AuthorizerContext } from '../../../contracts/authorizer-context.ts';
import { jobName } from '../../../domain/callers/principal.ts';
import { mayAssign } from '../../../domain/fasit/may-assign.ts';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import type { KnownCaller } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

/**
 * A caller without any identity of AWS: what the authorizer has proved of GitHub's token, and asks of it, is asked again here. API Gateway alone makes
 * `requestContext.authorizer`; nothing that a caller sends gets there.
 * @throws Refused
 */
export function recogniseToken({ installation }: Deps, { requestContext }: ApiRequest): KnownCaller {
  const { fasitDeploy, account } = installation;
  if (fasitDeploy === undefined) throw new Refused('forbidden', 'this installation has no fasitDeploy');
  const proven = AuthorizerContext.safeParse(requestContext.authorizer);
  if (!proven.success) throw new Refused('unauthenticated', 'no GitHub token was verified for this call');
  const claims = proven.data;
  const may = mayAssign(fasitDeploy, claims);
  if (!may.allowed) throw new Refused('forbidden', may.because);
  const session = jobName(claims);
  return { is: 'token', claims, principal: { role: 'token', session, account, claims } };
}

/** What is proved of a caller who came with nothing but a token; other callers do not get as far as to where this is asked. */
export function claimsOf(caller: KnownCaller): VerifiedClaims {
  if (caller.is === 'token') return caller.claims;
  throw new Refused('forbidden', `${caller.principal.role} starts rollouts by POST /packages/{package}/rollouts`);
}
