/**
 * What a token authorizer hands on of GitHub's token: API Gateway takes texts only, by names of letters
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html).
 */
import * as z from 'zod';
import type { VerifiedClaims } from '../domain/items/rollout.ts';
import { claimFields } from './verified-claims.ts';

/** As the function behind finds it at `requestContext.authorizer`; `principalId` and what API Gateway adds are passed over. */
export const AuthorizerContext = z
  .object(claimFields(z.string().min(1), z.enum(['true', 'false'])))
  .transform((claims): VerifiedClaims => ({ ...claims, refProtected: claims.refProtected === 'true' }));

/** The claims, each as a text. */
export function authorizerContext(claims: VerifiedClaims): z.input<typeof AuthorizerContext> {
  return { ...claims, refProtected: claims.refProtected ? 'true' : 'false' };
}
