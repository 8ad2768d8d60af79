import { TOKEN_HEADER } from '../../../contracts/api/github-token.ts';
import { admits, type Route } from '../../../contracts/api/route.ts';
import type { ApiRequest } from '../../../contracts/api-request.ts';
import { callerOf } from '../../../domain/callers/principal.ts';
import { mayReach } from '../../../domain/callers/source-rights.ts';
import { mayUseSelfService } from '../../../domain/callers/workflow-rights.ts';
import { keys } from '../../../domain/keys.ts';
import { type CallerOf, type KnownCaller, textOfHeader } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { demandProof, proveRepository } from './prove-repository.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { recogniseToken } from './token-caller.ts';

/**
 * Who is calling, and whether the route is theirs; a source must own the decoded package, and a workflow's repository must be the package's.
 * API Gateway asked IAM already, whose patterns let `*` cross `/`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 * @throws Refused
 */
export async function recognise(deps: Deps, request: ApiRequest, route: Route, pkg: string): Promise<KnownCaller> {
  if (route.who.includes('token')) return recogniseToken(deps, request);
  const caller = callerOf(request.requestContext.identity.userArn, deps.installation);
  if (caller.is === 'stranger') {
    throw new Refused(
      'unauthenticated',
      `${caller.because}: call as a source, operator or reader role of this installation`,
    );
  }
  const { role } = caller.principal;
  if (!admits(route, caller.is)) {
    const may = route.who.join(' and ');
    throw new Refused('forbidden', `${role} may not do this: it is for ${may} roles`);
  }
  if (caller.is === 'source') return await recogniseSource(deps, request, caller, pkg);
  if (caller.is === 'workflow') return await recogniseWorkflow(deps, request, route, caller, pkg);
  if (textOfHeader(request, TOKEN_HEADER) === undefined) return caller;
  // Whoever sends one believes that it counts.
  throw new Refused('invalid', `the header ${TOKEN_HEADER} is for workflows, and ${role} needs none: leave it out`);
}

async function recogniseSource(deps: Deps, request: ApiRequest, caller: CallerOf<'source'>, pkg: string) {
  const settings = await deps.sourceSettings(caller.source);
  const answer = mayReach(caller.source, settings, pkg);
  if (!answer.allowed || settings === undefined) {
    throw new Refused('forbidden', answer.allowed ? `source ${caller.source} is not configured` : answer.because);
  }
  const proof = await proveRepository(deps, request);
  if (proof === undefined) return { ...caller, settings };
  const { claims, token } = proof;
  if (claims.repository.toLowerCase() !== settings.repository.toLowerCase()) {
    throw new Refused(
      'token-refused',
      `the token is of ${claims.repository}, and ${caller.principal.role} belongs to ${settings.repository}: send a token of that repository, or none`,
    );
  }
  return { ...caller, settings, token, principal: { ...caller.principal, claims } };
}

async function recogniseWorkflow(
  deps: Deps,
  request: ApiRequest,
  { operation }: Route,
  caller: CallerOf<'workflow'>,
  pkg: string,
) {
  const { claims, token } = await demandProof(deps, request, caller.principal.role);
  const may = mayUseSelfService(await deps.selfService(), claims);
  if (!may.allowed) throw new Refused('forbidden', may.because);
  const proven = { ...caller, claims, token, principal: { ...caller.principal, claims } };
  // Whether a package may be claimed is another question.
  if (operation === 'claimPackage') return proven;
  const entry = await deps.table.get(keys.package(pkg));
  if (entry === undefined) {
    throw new Refused(
      'not-found',
      `package ${pkg} is not registered: ask an operator to register it, or claim it with .fairlead.yaml`,
    );
  }
  refuseForeign(proven, entry);
  return proven;
}
