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
 * Lets a role make its calls and no others; none at all when no route admits the caller. In an IAM pattern `*` also crosses `/`, so what a longer path would add is left out, and the handler checks
 * the decoded package again.
 */
export function allowCalls(role: Role, { api, routes, caller, packages }: CallerRights): void {
  const own = routes.filter((route) => admits(route, caller));
  // IAM takes no statement without a resource.
  if (own.length === 0) return;
  const paths = packages === undefined ? own : packages.flatMap((name) => own.map((route) => ofPackage(route, name)));
  allow(role, {
    sid: 'Calls',
    actions: ['execute-api:Invoke'],
    resources: withoutCovered(paths).map((route) => api.arnOf(route)),
    because: 'ids of rollouts and names of registered things are part of the path',
  });
}

type Call = Pick<Route, 'method' | 'path'>;

const ofPackage = ({ method, path }: Route, name: string): Call => ({
  method,
  path: `/${path.slice(1).replaceAll('{package}', name)}`,
});

/** Calls whose pattern another one's already matches add nothing. */
function withoutCovered(calls: readonly Call[]): readonly Call[] {
  return calls.filter((call) => !calls.some((other) => other !== call && covers(other, call)));
}

function covers(wide: Call, narrow: Call): boolean {
  if (wide.method !== narrow.method || wide.path === narrow.path) return false;
  // Paths are letters, digits, `-` and `/`: nothing that means something else in a pattern.
  return new RegExp(`^${wide.path.replaceAll(/\{\w+\}/g, '.*')}$`).test(narrow.path);
}
