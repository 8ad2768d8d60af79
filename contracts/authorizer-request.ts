/**
 * What API Gateway asks a token authorizer, and what it may hear.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
import * as z from 'zod';

export const AuthorizerRequest = z.object({
  /** The header as it came, `Bearer` and all. */
  authorizationToken: z.string(),
  /** ARN of the one call that is asked about. */
  methodArn: z.string().startsWith('arn:'),
});

export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      { readonly Effect: 'Allow' | 'Deny'; readonly Action: 'execute-api:Invoke'; readonly Resource: string },
    ];
  };
  /** Texts only. */
  readonly context: Readonly<Record<string, string>>;
}
