import { ClaimBody } from '../../../contracts/api/claim.ts';
import { TOKEN_AUDIENCE, TOKEN_HEADER } from '../../../contracts/api/github-token.ts';
import * as domain from '../../../domain/callers/claim-package.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { mayUseSelfService } from '../../../domain/callers/workflow-rights.ts';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { keepPackage } from '../keep-package.ts';
import { Refused } from '../refused.ts';

/** PUT /packages/{package}/claim: 201 new, 200 changed or the same. */
export async function claimPackage(deps: Deps, call: Call): Promise<Answer> {
  const claims = claimsOf(call);
  const claim = toClaim(deps, call);
  const usualChart = `${deps.installation.chartRegistry}/${call.package}`;
  const settings = await deps.selfService();
  const may = mayUseSelfService(settings, claims);
  if (!may.allowed) throw new Refused('forbidden', may.because);
  const rules = settings?.claims ?? [];
  return await keepPackage(deps, call, (current, registry) => {
    const answer = domain.claimPackage({ ...registry, current, rules, usualChart }, claims, claim);
    if (answer.answer !== 'entry') throw new Refused(answer.answer, answer.because);
    return answer.item;
  });
}

/** Sources may come without a token, but not to claim. */
function claimsOf({ caller }: Call): VerifiedClaims {
  const { claims, role } = caller.principal;
  if (claims !== undefined) return claims;
  throw new Refused(
    'token-refused',
    `${role} does not say what branch calls: to claim a package, send GitHub's token for audience '${TOKEN_AUDIENCE}' in the header ${TOKEN_HEADER}`,
  );
}

function toClaim({ installation, now }: Deps, call: Call): domain.Claim {
  const { package: named, chart, release, stages, team, ...body } = bodyOf(call, ClaimBody);
  if (named !== undefined && named !== call.package) {
    const detail = `'${named}' is wrong: the call is about package ${call.package}`;
    throw new Refused('invalid', `the body: /package ${detail}`, [{ pointer: '/package', detail }]);
  }
  return {
    name: call.package,
    chart: chart ?? `${installation.chartRegistry}/${call.package}`,
    release: release ?? call.package,
    ...body,
    ...(stages !== undefined && { stages }),
    ...(team !== undefined && { team }),
    updatedAt: now().toISOString(),
    updatedBy: nameOf(call.caller.principal),
  };
}
