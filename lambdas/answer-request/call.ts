import type * as z from 'zod';
import type { ApiRequest } from '../../contracts/api-request.ts';
import type { CallerIdentity } from '../../domain/callers/principal.ts';
import type { SourceSettings } from '../../domain/callers/source-rights.ts';
import type { Principal, VerifiedClaims } from '../../domain/items/rollout.ts';
import type { Deps } from './deps.ts';
import { readBody } from './read-body.ts';
import { refuseIssues } from './refuse-issues.ts';

/** A GitHub token that was verified: who may use it up, and until when it has to be remembered. */
export interface ProvenToken {
  readonly jti: string;
  readonly expiresAt: Date;
}

export type CallerOf<Is extends CallerIdentity['is']> = Extract<CallerIdentity, { is: Is }>;

/** Somebody of this installation. A source comes with its settings and perhaps a token, a workflow with its token and what that proves. */
export type KnownCaller =
  | CallerOf<'operator' | 'approver' | 'reader' | 'break-glass'>
  | (CallerOf<'source'> & { readonly settings: SourceSettings; readonly token?: ProvenToken })
  | (CallerOf<'workflow'> & { readonly claims: VerifiedClaims; readonly token: ProvenToken })
  /** Nobody of AWS's: the authorizer verified the token. */
  | { readonly is: 'token'; readonly claims: VerifiedClaims; readonly principal: Principal };

/** One call, checked as far as its route tells. */
export interface Call {
  /** Path parameters, decoded and checked; '' when the route has none of that name. */
  readonly package: string;
  readonly environment: string;
  /** An id or `latest`. */
  readonly rollout: string;
  readonly stage: string;
  /** Name of a status. */
  readonly status: string;
  readonly freeze: string;
  /** Of an environment's value. */
  readonly key: string;
  /** An id or `latest`. */
  readonly plan: string;
  readonly caller: KnownCaller;
  readonly request: ApiRequest;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export type Operate = (deps: Deps, call: Call) => Promise<Answer>;

/** The body, as `schema` wants it. @throws Refused */
export function bodyOf<S extends z.ZodType>(call: Call, schema: S): z.output<S> {
  const raw = readBody(call.request);
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : refuseIssues(parsed.error.issues, raw, 'the body');
}

/** The query, as `schema` wants it; a parameter given several times is a list. @throws Refused */
export function queryOf<S extends z.ZodType>({ request }: Pick<Call, 'request'>, schema: S): z.output<S> {
  const given = Object.entries(request.multiValueQueryStringParameters ?? {});
  const raw = Object.fromEntries(given.map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : refuseIssues(parsed.error.issues, raw, 'the query');
}

/** One header, whatever its case, as `schema` wants it; undefined when absent. @throws Refused */
export function headerOf<S extends z.ZodType>(
  { request }: Pick<Call, 'request'>,
  name: string,
  schema: S,
): z.output<S> | undefined {
  const found = textOfHeader(request, name);
  if (found === undefined) return undefined;
  const parsed = schema.safeParse(found);
  return parsed.success ? parsed.data : refuseIssues(parsed.error.issues, found, `the header ${name}`);
}

/** One header as it came, whatever its case. */
export function textOfHeader({ headers }: Pick<ApiRequest, 'headers'>, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
