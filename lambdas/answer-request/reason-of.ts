import * as z from 'zod';
import type { ApiRequest } from '../../contracts/api-request.ts';
import { readBody } from './read-body.ts';
import { Refused } from './refused.ts';

const WithReason = z.object({ reason: z.string().min(1) });
const LONGEST = 1000;

/** Why the call wants what it wants, where its body says so, for the audit. What a body must be is each operation's to judge. */
export function reasonOf(request: Pick<ApiRequest, 'body' | 'isBase64Encoded'>): string | undefined {
  try {
    return WithReason.safeParse(readBody(request)).data?.reason.slice(0, LONGEST);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
