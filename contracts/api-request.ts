/**
 * What API Gateway hands a function (Lambda proxy integration), as far as we read it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
import * as z from 'zod';

export const ApiRequest = z.object({
  httpMethod: z.string(),
  /** The route's own form, e.g. `/packages/{package}`. */
  resource: z.string(),
  path: z.string(),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    requestId: z.string(),
    /** What a token authorizer handed on; API Gateway's own, nothing that a caller sends gets there. */
    authorizer: z.record(z.string(), z.unknown()).nullish(),
    identity: z.object({ userArn: z.string().nullish(), sourceIp: z.string().nullish() }),
  }),
});
export type ApiRequest = z.infer<typeof ApiRequest>;

export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
