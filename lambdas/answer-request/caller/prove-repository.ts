import { TOKEN_AUDIENCE, TOKEN_HEADER, TokenHeader } from '../../../contracts/api/github-token.ts';
import type { ApiRequest } from '../../../contracts/api-request.ts';
import type { VerifiedClaims } from '../../../domain/items/rollout.ts';
import { headerOf, type ProvenToken } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

export interface Proof {
  readonly claims: VerifiedClaims;
  readonly token: ProvenToken;
}

/** What GitHub's token in the header proves; undefined when none came along. The token stands in no message. @throws Refused */
export async function proveRepository({ verifyToken, log }: Deps, request: ApiRequest): Promise<Proof | undefined> {
  const given = headerOf({ request }, TOKEN_HEADER, TokenHeader);
  if (given === undefined) return undefined;
  const answer = await verifyToken(given);
  if (answer.verified) return { claims: answer.claims, token: { jti: answer.jti, expiresAt: answer.expiresAt } };
  if (answer.code === 'unreachable') {
    log.warn('token not checked', { because: answer.because });
    throw new Refused('unavailable', `${answer.because}, so the token cannot be checked: try again in a moment`);
  }
  throw new Refused('token-refused', `the token in the header ${TOKEN_HEADER} was refused: ${answer.because}`);
}

/** The same, of a caller who is nobody without it. @throws Refused */
export async function demandProof(deps: Deps, request: ApiRequest, role: string): Promise<Proof> {
  const proof = await proveRepository(deps, request);
  if (proof !== undefined) return proof;
  throw new Refused(
    'token-refused',
    `${role} is shared by many repositories, and nothing says which one calls: send GitHub's token for audience '${TOKEN_AUDIENCE}' in the header ${TOKEN_HEADER} (the Action does with 'self-service: true')`,
  );
}
