/**
 * What a token authorizer hands on of GitHub's token: API Gateway takes texts only, by names of letters
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html).
 */
import * as z from 'zod';
import type { VerifiedClaims } from '../domain/items/rollout.ts';

const text = z.string().min(1);

/** As the function behind finds it at `requestContext.authorizer`; `principalId` and what API Gateway adds are passed over. */
export const AuthorizerContext = z
  .object({
    repository: text,
    repositoryId: text,
    owner: text,
    ownerId: text,
    ref: text,
    refProtected: z.enum(['true', 'false']),
    sha: text,
    runId: text,
    runAttempt: text,
    actor: text,
    event: text,
    jobWorkflowRef: text,
    environment: text.exactOptional(),
  })
  .transform((claims): VerifiedClaims => ({ ...claims, refProtected: claims.refProtected === 'true' }));

/** The claims, each as a text. */
export function authorizerContext(claims: VerifiedClaims): z.input<typeof AuthorizerContext> {
  return { ...claims, refProtected: claims.refProtected ? 'true' : 'false' };
}
