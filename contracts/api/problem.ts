/**
 * Every refusal of the API: RFC 9457 problem details with a stable type, its HTTP status and the exit code
 * that the command line and the Action give it. One register, from which the docs are made.
 */
import * as z from 'zod';

export const PROBLEMS = {
  'not-json': { status: 400, exit: 6, title: 'The body is not JSON' },
  'invalid-assignment-id': { status: 400, exit: 6, title: 'This is no id of an assignment' },
  'token-needed': { status: 401, exit: 2, title: 'A fresh GitHub token is needed' },
  unauthenticated: { status: 403, exit: 2, title: 'The call is not signed by a known identity' },
  forbidden: { status: 403, exit: 2, title: 'This identity may not do that' },
  'token-refused': { status: 403, exit: 2, title: "GitHub's token was not accepted" },
  'token-reused': { status: 409, exit: 2, title: "GitHub's token was used for another call" },
  'not-found': { status: 404, exit: 2, title: 'There is no such thing' },
  'no-such-route': { status: 404, exit: 6, title: 'There is no such route' },
  conflict: { status: 409, exit: 2, title: 'That does not go together with what is there' },
  'idempotency-key-reused': { status: 409, exit: 6, title: 'This idempotency key was used for another body' },
  'queue-occupied': { status: 409, exit: 2, title: 'Another rollout is in the way' },
  'already-over': { status: 409, exit: 2, title: 'The rollout is over' },
  'revision-differs': { status: 412, exit: 2, title: 'It was changed since you read it' },
  'too-large': { status: 413, exit: 6, title: 'The body is larger than 200 KB' },
  invalid: { status: 422, exit: 6, title: 'Some fields are wrong' },
  'not-supported-yet': { status: 422, exit: 6, title: 'This is not supported yet' },
  'values-unusable': { status: 422, exit: 8, title: 'The values or the chart cannot be used' },
  'no-environment-matched': { status: 422, exit: 4, title: 'No environment matches the targets' },
  'too-many-requests': { status: 429, exit: 5, title: 'Too many requests' },
  internal: { status: 500, exit: 7, title: 'Fairlead made a mistake' },
  unavailable: { status: 503, exit: 5, title: 'Something that Fairlead needs does not answer' },
} as const satisfies Record<string, { status: number; exit: number; title: string }>;
export type ProblemType = keyof typeof PROBLEMS;

export const Problem = z
  .object({
    type: z
      .string()
      .meta({ description: 'https://fairlead.dev/problems/{type}', example: 'https://fairlead.dev/problems/invalid' }),
    title: z.string(),
    status: z.int(),
    /** Names the wrong value and the next step. */
    detail: z.string(),
    instance: z.string().optional().meta({ description: 'request id, for the person on call' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().meta({ description: 'JSON pointer (RFC 6901)', example: '/stages/0/name' }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_BASE = 'https://fairlead.dev/problems/';

/** Makes the body of a refusal. */
export function problem(
  type: ProblemType,
  detail: string,
  more: Partial<Pick<Problem, 'errors' | 'instance'>> = {},
): Problem {
  return {
    type: `${PROBLEM_BASE}${type}`,
    title: PROBLEMS[type].title,
    status: PROBLEMS[type].status,
    detail,
    ...more,
  };
}
