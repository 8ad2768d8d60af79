/** The few calls that the Action makes: parsed answers, refusals thrown as `Stopped`. */
import * as z from 'zod';
import type { ClaimBody } from '../contracts/api/claim.ts';
import type { ApiClient, ApiRequest } from '../contracts/api/client.ts';
import { Problem } from '../contracts/api/problem.ts';
import { EXIT } from '../contracts/outcome-table.ts';
import { Accepted, Events, EvidenceSummary, Rollout } from './answers.ts';
import { refusedBy, Stopped } from './stopped.ts';

const part = encodeURIComponent;
/** How AWS itself refuses where API Gateway's own responses do not reach. */
const AwsRefusal = z
  .object({ message: z.string() })
  .or(z.object({ Message: z.string() }).transform(({ Message }) => ({ message: Message })));

/** Calls over `client`, for one package. */
export function apiOf(client: ApiClient, pkg: string) {
  const ask = async <S extends z.ZodType>(schema: S, request: ApiRequest): Promise<z.output<S>> => {
    const answer = await client.call(request);
    if (answer.status >= 300) throw refusalOf(answer.status, answer.body, request);
    const found = schema.safeParse(answer.body);
    if (found.success) return found.data;
    throw new Stopped(
      `${request.method} ${request.path} answered something else than expected: is 'endpoint' a Fairlead API, and the Action of its version?`,
      EXIT.internal,
    );
  };
  const base = `/packages/${part(pkg)}`;
  const rollout = (id: string) => `${base}/rollouts/${part(id)}`;
  const get = <S extends z.ZodType>(schema: S, path: string, signal?: AbortSignal) =>
    ask(schema, { method: 'GET', path, ...(signal && { signal }) });
  return {
    claim: (body: ClaimBody) => ask(z.unknown(), { method: 'PUT', path: `${base}/claim`, body }),
    start: (body: unknown, key: string) =>
      ask(Accepted, { method: 'POST', path: `${base}/rollouts`, body, headers: { 'idempotency-key': key } }),
    rollout: (id: string) => get(Rollout, rollout(id)),
    /** Held for `wait` seconds when nothing happened after event number `after`. */
    events: (id: string, after: number, wait: number, signal: AbortSignal) =>
      get(Events, `${rollout(id)}/events?after=${after}&wait=${wait}`, signal),
    evidence: (id: string, environment: string) =>
      get(EvidenceSummary, `${rollout(id)}/deployments/${part(environment)}/evidence`),
    abort: (id: string, reason: string) =>
      ask(z.object({ state: z.string() }), { method: 'POST', path: `${rollout(id)}/abort`, body: { reason } }),
  };
}

export type Api = ReturnType<typeof apiOf>;

function refusalOf(status: number, body: unknown, { method, path }: ApiRequest): Stopped {
  const found = Problem.safeParse(body);
  if (found.success) return refusedBy(found.data);
  const aws = AwsRefusal.safeParse(body);
  if (status === 403 && aws.success) {
    return new Stopped(
      `AWS refuses ${method} ${path}: ${aws.data.message}. Is this package among 'packages' of the role's source in fairlead.yaml?`,
      EXIT.error,
    );
  }
  const exit = status >= 500 || status === 429 ? EXIT.unavailable : EXIT.internal;
  return new Stopped(`${method} ${path} answered ${status} without saying why: is 'endpoint' a Fairlead API?`, exit);
}
