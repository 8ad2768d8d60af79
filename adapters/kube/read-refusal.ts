/**
 * Why an API server would not take an object, out of the `Status` that it answers with
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). Its messages quote values, so only what follows them is repeated.
 */
import * as z from 'zod';
import type { FieldConflict, Refusal } from '../../domain/plan-diff/dry-run.ts';

const Cause = z.object({
  reason: z.string().optional(),
  message: z.string().default(''),
  field: z.string().default(''),
});
const Status = z.object({
  message: z.string().default(''),
  reason: z.string().optional(),
  details: z.object({ causes: z.array(Cause).default([]) }).optional(),
});
type Cause = z.infer<typeof Cause>;

const MAX_WORDS = 500;
/** What API servers say where a field can never be changed (apimachinery's validation, and the validations of each kind). */
const IMMUTABLE =
  /immutable|may not change|cannot change|can not be changed|cannot be changed|updates? to \S+ spec|may not be (changed|updated)/i;
/** https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#side-effects */
const NO_DRY_RUN = /does not support dry run/i;
/** The apply patch does not fit the kind's schema: a 500, though nothing is wrong with the server. */
const NOT_TYPED = /failed to create typed patch object \([^)]*\): (.*)$/s;

/** `path` is where the object was sent. */
export function readRefusal(status: number, body: string, path: string): Refusal {
  const said = Status.safeParse(parsed(body));
  const message = said.success && said.data.message !== '' ? said.data.message : `HTTP ${status}`;
  const causes = said.data?.details?.causes ?? [];
  const because = message.slice(0, MAX_WORDS);
  const typed = NOT_TYPED.exec(message)?.[1];
  if (typed !== undefined) return { code: 'invalid', because: typed.slice(0, MAX_WORDS), fields: fieldIn(typed) };
  if (NO_DRY_RUN.test(message)) return { code: 'no-dry-run', because };
  const conflicts = status === 409 ? causes.flatMap(conflictIn) : [];
  if (conflicts.length > 0) return { code: 'conflict', because: conflictsSaid(conflicts), conflicts };
  if (status === 422) return invalid(message, causes);
  if (status === 404 && /^namespaces "/.test(message)) return { code: 'no-namespace', because };
  if (status === 404) return { code: 'no-such-kind', because: `${path.split('?')[0]}: ${because}` };
  if (status === 403) return { code: 'forbidden', because };
  if (status === 401) return { code: 'unauthorised', because };
  if (status === 429 || status >= 500 || status === 0) return { code: 'unreachable', because };
  return { code: 'refused', because };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function conflictIn({ reason, message, field }: Cause): readonly FieldConflict[] {
  const manager = /conflict with "([^"]+)"/.exec(message)?.[1];
  return reason === 'FieldManagerConflict' && manager !== undefined ? [{ manager, field }] : [];
}

function conflictsSaid(conflicts: readonly FieldConflict[]): string {
  const byManager = Map.groupBy(conflicts, ({ manager }) => manager);
  const said = [...byManager].map(([manager, of]) => `${manager} owns ${of.map(({ field }) => field).join(', ')}`);
  return said.join('; ').slice(0, MAX_WORDS);
}

function invalid(message: string, causes: readonly Cause[]): Refusal {
  const said = causes.map((cause) => `${cause.field}: ${words(cause.message)}`);
  const because = said.length === 0 ? words(message) : said.join('; ').slice(0, MAX_WORDS);
  const never = causes.length > 0 ? causes.some((cause) => IMMUTABLE.test(cause.message)) : IMMUTABLE.test(message);
  return { code: never ? 'immutable' : 'invalid', because, fields: causes.map(({ field }) => field) };
}

/** `Invalid value: {…}: field is immutable`: what is last names no value. */
function words(message: string): string {
  return (message.split(': ').at(-1) ?? message).slice(0, MAX_WORDS);
}

/** `.spec.replicas: expected numeric (int or float), got string` */
function fieldIn(typed: string): readonly string[] {
  const field = /^(\.\S+): /.exec(typed)?.[1];
  return field === undefined ? [] : [field];
}
