import { authorizerContext } from '../../contracts/authorizer-context.ts';
import { type AuthorizerAnswer, AuthorizerRequest } from '../../contracts/authorizer-request.ts';
import { readClaims } from '../../contracts/token-claims.ts';
import { jobName } from '../../domain/callers/principal.ts';
import { type FasitSettings, mayAssign } from '../../domain/fasit/may-assign.ts';
import type { Clock, Log, VerifyToken } from '../../domain/ports.ts';

export interface Deps {
  /** Of GitHub's tokens for the audiences of `fasitDeploy`. */
  readonly verifyToken: VerifyToken;
  readonly settings: FasitSettings;
  readonly now: Clock;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** API Gateway answers 401 to these very words, and 500 to others. */
class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
  constructor() {
    super('Unauthorized');
  }
}

/**
 * Is this GitHub's token, for us, of one of our owners? Then the call that is asked about is allowed, and nothing beside it; the claims go on to whoever
 * answers. A token that has ended is 401, which makes fasit-deploy fetch another; all other refusals are 403, since it would come back with the same for ever.
 * @throws when the token has ended, and when GitHub's keys cannot be had: what cannot be checked is not let in.
 */
export function authorizeGithub({ verifyToken, settings, now, log }: Deps) {
  return async (event: unknown): Promise<AuthorizerAnswer> => {
    const { authorizationToken, methodArn } = AuthorizerRequest.parse(event);
    const token = authorizationToken.replace(/^Bearer +/i, '');
    const answer = await verifyToken(token);
    if (!answer.verified && answer.code === 'unreachable') {
      log.error('token not checked', { because: answer.because });
      throw new Error(`the token cannot be checked: ${answer.because}`);
    }
    if (!answer.verified) {
      log.info('token refused', { because: answer.because });
      if (hasEnded(token, now())) throw new Unauthorized();
      return deny(methodArn, answer.because);
    }
    const { claims } = answer;
    const may = mayAssign(settings, claims);
    const principalId = jobName(claims);
    log.info(may.allowed ? 'token accepted' : 'token refused', {
      principal: principalId,
      ...(!may.allowed && { because: may.because }),
    });
    if (!may.allowed) return deny(methodArn, may.because);
    return { principalId, policyDocument: policy('Allow', methodArn), context: authorizerContext(claims) };
  };
}

/** By the token's own word, which nobody needs to believe: it decides only how the refusal is put. */
function hasEnded(token: string, now: Date): boolean {
  const read = readClaims(token);
  return read.ok && Number(read.claims['exp']) * 1000 <= now.getTime();
}

function deny(methodArn: string, because: string): AuthorizerAnswer {
  return { principalId: 'nobody', policyDocument: policy('Deny', methodArn), context: { because: plain(because) } };
}

function policy(Effect: 'Allow' | 'Deny', Resource: string): AuthorizerAnswer['policyDocument'] {
  return { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] };
}

/** API Gateway puts it between quotes as it is: nothing in it may end them (`gateway-problems.ts`). */
const plain = (text: string) =>
  text
    .replaceAll('"', "'")
    .replaceAll(/[\\\p{Cc}\u2028\u2029]/gu, ' ')
    .slice(0, 500);
