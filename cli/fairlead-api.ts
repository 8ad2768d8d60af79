/** The API's calls by name: parsed answers, refusals thrown as `Refused`. */
import * as z from 'zod';
import { ApprovalAnswer, type ApprovalBody, StatusAnswer, type StatusBody } from '../contracts/api/approval.ts';
import { AuditList } from '../contracts/api/audit.ts';
import type { ApiClient, ApiRequest } from '../contracts/api/client.ts';
import { EffectiveValues } from '../contracts/api/effective.ts';
import { EnvironmentList, EnvironmentView, ReleaseList } from '../contracts/api/environment.ts';
import {
  type EnvironmentValueBody,
  EnvironmentValueList,
  EnvironmentValueView,
  ValueUses,
} from '../contracts/api/environment-value.ts';
import { type FreezeBody, FreezeList, FreezeView } from '../contracts/api/freeze.ts';
import { type HoldBody, HoldView, type LiftBody, Lifted } from '../contracts/api/hold.ts';
import { InstallationView } from '../contracts/api/installation.ts';
import { PackageList, PackageView } from '../contracts/api/package.ts';
import { PlanAccepted, type PlanBody, PlanView } from '../contracts/api/plan.ts';
import { Problem } from '../contracts/api/problem.ts';
import { RecoveryView } from '../contracts/api/recovery.ts';
import { RetryAccepted, type RetryBody } from '../contracts/api/retry.ts';
import type { RollbackBody } from '../contracts/api/rollback.ts';
import { EventList, RolloutAccepted, RolloutList, type RolloutSummary, RolloutView } from '../contracts/api/rollout.ts';
import { ChangeList, type ValuesRolloutBody } from '../contracts/api/values-change.ts';
import { Evidence } from '../contracts/evidence.ts';
import { InspectionView } from '../contracts/inspection.ts';
import { Failed, Refused } from './failure.ts';

const part = encodeURIComponent;
const EXIT_INTERNAL = 7;
const EXIT_ERROR = 2;
/** How AWS itself refuses where API Gateway's own responses do not reach, the local AWS for instance. */
const AwsRefusal = z.object({ message: z.string() });

/** Typed calls over `client`; every method throws Refused when the API says no. */
export function fairleadApi(client: ApiClient) {
  const asking = askingBy(client);
  return {
    ...registryCalls(asking),
    ...rolloutCalls(asking),
    ...steeringCalls(asking),
    ...planCalls(asking),
    ...freezeCalls(asking),
    ...environmentValueCalls(asking),
  };
}

export type FairleadApi = ReturnType<typeof fairleadApi>;
type Asking = ReturnType<typeof askingBy>;

function askingBy(client: ApiClient) {
  const ask = async <S extends z.ZodType>(schema: S, request: ApiRequest): Promise<z.output<S>> => {
    const answer = await client.call(request);
    if (answer.status >= 300) throw refusalOf(answer.status, answer.body, request);
    const found = schema.safeParse(answer.body);
    if (found.success) return found.data;
    throw new Failed(
      `${request.method} ${request.path} answered something else than expected: is this a Fairlead API?`,
      EXIT_INTERNAL,
    );
  };
  const get = <S extends z.ZodType>(schema: S, path: string, signal?: AbortSignal) =>
    ask(schema, { method: 'GET', path, ...(signal && { signal }) });
  return { ask, get };
}

const standing = (environment: string, pkg: string) => `/environments/${part(environment)}/packages/${part(pkg)}`;
const rollout = (pkg: string, id: string) => `/packages/${part(pkg)}/rollouts/${part(id)}`;

/** What there is, and what runs where. */
function registryCalls({ ask, get }: Asking) {
  return {
    effectiveValues: (environment: string, pkg: string, version?: string) =>
      get(
        EffectiveValues,
        `${standing(environment, pkg)}/values${version === undefined ? '' : `?version=${part(version)}`}`,
      ),
    installation: () => get(InstallationView, '/installation'),
    packages: () => get(PackageList, '/packages'),
    package: (name: string) => get(PackageView, `/packages/${part(name)}`),
    putPackage: (name: string, body: unknown) =>
      ask(PackageView, { method: 'PUT', path: `/packages/${part(name)}`, body }),
    deletePackage: (name: string) => ask(z.undefined(), { method: 'DELETE', path: `/packages/${part(name)}` }),
    environments: () => get(EnvironmentList, '/environments'),
    environment: (name: string) => get(EnvironmentView, `/environments/${part(name)}`),
    putEnvironment: (name: string, body: unknown) =>
      ask(EnvironmentView, { method: 'PUT', path: `/environments/${part(name)}`, body }),
    /** What the environment's deployer sees of its cluster and, with a package, of its chart and rights. */
    inspection: (environment: string, about: { readonly package?: string; readonly version?: string } = {}) => {
      const query = new URLSearchParams(about).toString();
      return get(InspectionView, `/environments/${part(environment)}/inspection${query === '' ? '' : `?${query}`}`);
    },
    deleteEnvironment: (name: string) => ask(z.undefined(), { method: 'DELETE', path: `/environments/${part(name)}` }),
    recover: (environment: string, pkg: string, apply: boolean) =>
      ask(RecoveryView, {
        method: 'POST',
        path: `/environments/${part(environment)}/packages/${part(pkg)}/recovery`,
        body: { apply },
      }),
    releases: (environment: string) => get(ReleaseList, `/environments/${part(environment)}/packages`),
  };
}

/** Starting rollouts and seeing how they go. */
function rolloutCalls({ ask, get }: Asking) {
  return {
    start: (pkg: string, body: unknown, key: string) =>
      ask(RolloutAccepted, {
        method: 'POST',
        path: `/packages/${part(pkg)}/rollouts`,
        body,
        headers: { 'idempotency-key': key },
      }),
    /** Every rollout that has not ended, all pages. */
    openRollouts: async () => {
      const found: RolloutSummary[] = [];
      let after = '';
      do {
        const page = await get(RolloutList, `/rollouts?limit=100${after}`);
        found.push(...page.rollouts);
        after = page.next === undefined ? '' : `&after=${part(page.next)}`;
      } while (after !== '');
      return found;
    },
    rollouts: (pkg: string, limit = 20) => get(RolloutList, `/packages/${part(pkg)}/rollouts?limit=${limit}`),
    rollout: (pkg: string, id: string) => get(RolloutView, rollout(pkg, id)),
    /** Held for `wait` seconds when nothing happened after event number `after`. */
    events: (
      pkg: string,
      id: string,
      { after = 0, wait = 0, signal }: { after?: number; wait?: number; signal?: AbortSignal },
    ) => get(EventList, `${rollout(pkg, id)}/events?after=${after}&wait=${wait}`, signal),
    evidence: (pkg: string, id: string, environment: string) =>
      get(Evidence, `${rollout(pkg, id)}/deployments/${part(environment)}/evidence`),
    audit: (query: Readonly<Record<string, string | undefined>>) => get(AuditList, `/audit?${queryOf(query)}`),
    abort: (pkg: string, id: string, reason: string) =>
      ask(z.object({ id: z.string(), state: z.string() }), {
        method: 'POST',
        path: `${rollout(pkg, id)}/abort`,
        body: { reason },
      }),
  };
}

/** What a rollout would do. */
function planCalls({ ask, get }: Asking) {
  const plans = (pkg: string) => `/packages/${part(pkg)}/plans`;
  return {
    startPlan: (pkg: string, body: z.input<typeof PlanBody>) =>
      ask(PlanAccepted, { method: 'POST', path: plans(pkg), body }),
    /** Held for `wait` seconds while it is worked out. */
    plan: (pkg: string, id: string, { wait = 0, signal }: { wait?: number; signal?: AbortSignal } = {}) =>
      get(PlanView, `${plans(pkg)}/${part(id)}?wait=${wait}`, signal),
  };
}

/** What people say while it goes, and what they keep from going. */
function steeringCalls({ ask, get }: Asking) {
  return {
    valuesChanges: () => get(ChangeList, '/values-changes'),
    rollOutValues: (pkg: string, body: z.input<typeof ValuesRolloutBody>) =>
      ask(RolloutAccepted, { method: 'POST', path: `/packages/${part(pkg)}/values-rollouts`, body }),
    retry: (pkg: string, id: string, body: z.input<typeof RetryBody>) =>
      ask(RetryAccepted, { method: 'POST', path: `${rollout(pkg, id)}/retry`, body }),
    rollback: (pkg: string, body: z.input<typeof RollbackBody>, key: string) =>
      ask(RolloutAccepted, {
        method: 'POST',
        path: `/packages/${part(pkg)}/rollbacks`,
        body,
        headers: { 'idempotency-key': key },
      }),
    hold: (environment: string, pkg: string, body: z.input<typeof HoldBody>) =>
      ask(HoldView, { method: 'PUT', path: `${standing(environment, pkg)}/hold`, body }),
    lift: (environment: string, pkg: string, body: z.input<typeof LiftBody>) =>
      ask(Lifted, { method: 'POST', path: `${standing(environment, pkg)}/lift`, body }),
    approval: (pkg: string, id: string, stage: string, body: z.input<typeof ApprovalBody>) =>
      ask(ApprovalAnswer, { method: 'PUT', path: `${rollout(pkg, id)}/stages/${part(stage)}/approval`, body }),
    status: (pkg: string, id: string, name: string, body: z.input<typeof StatusBody>) =>
      ask(StatusAnswer, { method: 'PUT', path: `${rollout(pkg, id)}/statuses/${part(name)}`, body }),
  };
}

/** When nothing begins. */
function freezeCalls({ ask, get }: Asking) {
  return {
    freezes: () => get(FreezeList, '/freezes'),
    putFreeze: (name: string, body: z.input<typeof FreezeBody>) =>
      ask(FreezeView, { method: 'PUT', path: `/freezes/${part(name)}`, body }),
    liftFreeze: (name: string, reason?: string) =>
      ask(z.undefined(), {
        method: 'DELETE',
        path: `/freezes/${part(name)}`,
        ...(reason !== undefined && { body: { reason } }),
      }),
  };
}

/** Values that live with environments. */
function environmentValueCalls({ ask, get }: Asking) {
  const values = (environment: string) => `/environments/${part(environment)}/values`;
  return {
    environmentValues: (environment: string) => get(EnvironmentValueList, values(environment)),
    putEnvironmentValue: (
      environment: string,
      key: string,
      body: z.input<typeof EnvironmentValueBody>,
      revision?: number,
    ) =>
      ask(EnvironmentValueView, {
        method: 'PUT',
        path: `${values(environment)}/${part(key)}`,
        body,
        ...(revision !== undefined && { headers: { 'If-Match': `"${revision}"` } }),
      }),
    deleteEnvironmentValue: (environment: string, key: string) =>
      ask(z.undefined(), { method: 'DELETE', path: `${values(environment)}/${part(key)}` }),
    valueUses: (environment: string, key: string) => get(ValueUses, `${values(environment)}/${part(key)}/uses`),
  };
}

function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return known.map(([name, value]) => `${name}=${part(value)}`).join('&');
}

function refusalOf(status: number, body: unknown, { method, path }: ApiRequest): Error {
  const found = Problem.safeParse(body);
  if (found.success) return new Refused(found.data);
  const aws = AwsRefusal.safeParse(body);
  if (status === 403 && aws.success) return new Failed(`AWS refuses the call: ${aws.data.message}`, EXIT_ERROR);
  return new Failed(
    `${method} ${path} answered ${status} without saying why: is this a Fairlead API?`,
    status >= 500 ? 5 : EXIT_INTERNAL,
  );
}
