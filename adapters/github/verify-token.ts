/** Is this token GitHub's, is it for us, and what does it prove? */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import type { VerifiedClaims } from '../../domain/items/rollout.ts';
import type { Clock, TokenAnswer, VerifyToken } from '../../domain/ports.ts';
import { KeysUnreachable } from './github-keys.ts';

export interface VerifyGithubTokenProps {
  /** Exactly; GitHub's is `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** Accepted audiences, exactly. A token names one. */
  readonly audience: string | readonly string[];
  /** `githubKeys`. */
  readonly keys: JWTVerifyGetKey;
  readonly now: Clock;
}

/** GitHub's tokens have about 2 KB. */
const MOST_BYTES = 8 * 1024;
const SKEW_SECONDS = 5;

const text = z.string().min(1).max(1000);
const digits = z.string().regex(/^\d{1,20}$/);

/** The claims that anything here rests on (https://docs.github.com/en/actions/reference/security/oidc). Others are passed over. */
const Claims = z.object({
  // One audience, so that whoever is meant by another one cannot use the token here.
  aud: text,
  jti: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  exp: z.int(),
  repository: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  repository_id: digits,
  repository_owner: text,
  repository_owner_id: digits,
  ref: text,
  ref_protected: z.enum(['true', 'false']),
  sha: text,
  run_id: digits,
  run_attempt: digits,
  actor: text,
  event_name: text,
  job_workflow_ref: text,
  environment: text.optional(),
});

/**
 * Verifies GitHub's OIDC tokens: RS256 by a key of GitHub's own, issuer and audience exact, times with five seconds of skew, and every claim that we
 * rest on present. What is wrong is said; the token itself is never repeated.
 */
export function verifyGithubToken({ issuer, audience, keys, now }: VerifyGithubTokenProps): VerifyToken {
  const audiences = [audience].flat();
  return async (token) => {
    const bytes = Buffer.byteLength(token);
    if (bytes > MOST_BYTES) return refused(`it has ${bytes} bytes, and GitHub's never have more than ${MOST_BYTES}`);
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer,
        audience: audiences,
        clockTolerance: SKEW_SECONDS,
        currentDate: now(),
        requiredClaims: ['exp', 'nbf', 'iat'],
      });
      return accepted(payload);
    } catch (error) {
      if (error instanceof KeysUnreachable) return { verified: false, code: 'unreachable', because: error.message };
      if (error instanceof errors.JOSEError) return refused(whatIsWrong(error, { issuer, audiences }));
      throw error;
    }
  };
}

const refused = (because: string): TokenAnswer => ({ verified: false, code: 'refused', because });

function accepted(payload: JWTPayload): TokenAnswer {
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
    return refused(`its claims ${names.join(', ')} are missing or not as GitHub writes them`);
  }
  const { jti, exp, ...claims } = parsed.data;
  return { verified: true, claims: toVerified(claims), jti, expiresAt: new Date(exp * 1000) };
}

function toVerified(claims: Omit<z.output<typeof Claims>, 'jti' | 'exp'>): VerifiedClaims {
  return {
    repository: claims.repository,
    repositoryId: claims.repository_id,
    owner: claims.repository_owner,
    ownerId: claims.repository_owner_id,
    ref: claims.ref,
    refProtected: claims.ref_protected === 'true',
    sha: claims.sha,
    runId: claims.run_id,
    runAttempt: claims.run_attempt,
    actor: claims.actor,
    event: claims.event_name,
    jobWorkflowRef: claims.job_workflow_ref,
    ...(claims.environment !== undefined && { environment: claims.environment }),
  };
}

interface Wanted {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** The check that failed, and what to do. Order matters: `JWTExpired` is a failed claim, too. */
function whatIsWrong(error: errors.JOSEError, wanted: Wanted): string {
  if (error instanceof errors.JWTExpired) {
    return `it ended at ${momentOf(error.payload.exp)}: ask GitHub for a fresh one, they live for minutes`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) return wrongClaim(error, wanted);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with RS256, as GitHub signs';
  if (error instanceof errors.JWKSNoMatchingKey) return 'none of the keys that GitHub has signed it';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'it does not say which of the keys of GitHub signed it';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is not a signed token (JWT)';
}

function wrongClaim({ claim, reason, payload }: errors.JWTClaimValidationFailed, { issuer, audiences }: Wanted) {
  if (reason === 'missing') return `its claim ${claim} is missing`;
  if (claim === 'iss') return `its issuer is ${shown(payload.iss)}, not ${issuer}`;
  if (claim === 'aud') return `its audience is ${shown(payload.aud)}: ask GitHub for one for ${audiences.join(' or ')}`;
  if (claim === 'nbf') return `it is not valid before ${momentOf(payload.nbf)}: check the clocks`;
  return `its claim ${claim} is not as GitHub writes it`;
}

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 120) ?? 'missing';

/** Unix seconds as a time; whatever else stands there as it is. */
function momentOf(seconds: number | undefined): string {
  const moment = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(moment.getTime()) ? 'no time at all' : moment.toISOString();
}
