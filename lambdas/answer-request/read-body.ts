import type { ApiRequest } from '../../contracts/api-request.ts';
import { Refused } from './refused.ts';

/** 200 KB: a request and what is written for it stay well below DynamoDB's 400 KB an item. */
export const BODY_LIMIT_BYTES = 200 * 1024;

/** The parsed body. @throws Refused when it is too large, empty, not UTF-8 or not JSON */
export function readBody({ body, isBase64Encoded }: Pick<ApiRequest, 'body' | 'isBase64Encoded'>): unknown {
  if (body === undefined || body === null || body === '') throw new Refused('not-json', 'the body is empty: send JSON');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > BODY_LIMIT_BYTES) {
    throw new Refused(
      'too-large',
      `the body has ${bytes.length} bytes, ${BODY_LIMIT_BYTES} are allowed: put large values into a value layer`,
    );
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // V8's message quotes the text, which may hold a secret.
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new Refused('not-json', 'the body is not JSON');
    throw error;
  }
}
