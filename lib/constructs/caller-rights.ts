import type { Role } from 'aws-cdk-lib/aws-iam';
import { admits, type Caller, type Route } from '../../contracts/api/route.ts';
import { allow } from './allow.ts';
import type { FairleadApi } from './fairlead-api.ts';

export interface CallerRights {
  readonly api: FairleadApi;
  readonly routes: readonly Route[];
  readonly caller: Caller;
  /** Only calls about these packages. @default all of them */
  readonly packages?: readonly string[];
}

/**
 * Lets a role make its calls and no others; none at all when no route admits the caller. In an IAM pattern `*` also crosses `/`, so what a longer path would
 * add is left out, and the handler checks the decoded package again. Each package has a statement of its own: the CDK moves statements that do not fit into
 * the role's inline policy (10,240 characters) into managed ones, but cuts none in two.
 */
export function allowCalls(role: Role, { api, routes, caller, packages }: CallerRights): void {
  const own = routes.filter((route) => admits(route, caller));
  if (packages === undefined) allowEach(role, api, 'Calls', own);
  for (const name of packages ?? []) {
    allowEach(
      role,
      api,
      `Calls${sidOf(name)}`,
      together(own).map((route) => ofPackage(route, name)),
    );
  }
}

function allowEach(role: Role, api: FairleadApi, sid: string, calls: readonly Call[]): void {
  // IAM takes no statement without a resource.
  if (calls.length === 0) return;
  allow(role, {
    sid,
    actions: ['execute-api:Invoke'],
    resources: withoutCovered(calls).map((call) => api.arnOf(call)),
    because: 'ids of rollouts and names of registered things are part of the path',
  });
}

/** A name as a Sid may have it, letters and digits, and no two names the same: `WebuiDashAdmin`. */
const sidOf = (name: string) =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('Dash');

type Call = Pick<Route, 'method' | 'path'>;

const ofPackage = ({ method, path }: Call, name: string): Call => ({
  method,
  path: `/${path.slice(1).replaceAll('{package}', name)}`,
});

const BELOW = '/packages/{package}/';

/**
 * Calls of one package in as few patterns as go without reaching others: all that is read below it is one. A source may have
 * 40 packages, and a role ten managed policies (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html);
 * the handler checks the route again. A test holds that nothing stands below a package which its sources may not read.
 */
function together(calls: readonly Call[]): readonly Call[] {
  const isRead = ({ method, path }: Call) => method === 'GET' && path.startsWith(BELOW);
  const reads = calls.some(isRead) ? [{ method: 'GET', path: `${BELOW}{anything}` } as const] : [];
  return [...calls.filter((call) => !isRead(call)), ...reads];
}

/** Calls whose pattern another one's already matches add nothing. */
function withoutCovered(calls: readonly Call[]): readonly Call[] {
  return calls.filter((call) => !calls.some((other) => other !== call && covers(other, call)));
}

function covers(wide: Call, narrow: Call): boolean {
  if (wide.method !== narrow.method || wide.path === narrow.path) return false;
  // Paths are letters, digits, `-` and `/`: nothing that means something else in a pattern.
  return new RegExp(`^${wide.path.replaceAll(/\{\w+\}/g, '.*')}$`).test(narrow.path);
}
