/** One line of an inspection: what was looked at, how it is, and what to do when it is not well. */

/** Everything that a deployer looks at, in the order in which it is told. */
export const CHECKS = [
  // Does the deployer's function answer at all? Told by whoever asked it.
  'deployer',
  // Do the clocks of deployer and API agree? AWS refuses signatures that are 5 minutes off.
  'clock',
  // Does helm start?
  'helm',
  // Which ways to map roles does EKS offer for the cluster?
  'authentication-mode',
  // Can the API server be connected to, by the deployer's way?
  'network',
  // Does its certificate hold, under the CA that is registered?
  'tls',
  // As whom does the cluster know the deployer?
  'mapping',
  // Is the package's namespace there and open to us?
  'namespace',
  // May we act as the package's own service account?
  'act-as',
  // Is the chart there, and is it what its digest says?
  'chart',
] as const;
/** After them, `rbac:Deployment`: may that kind be made? The kind as manifests write it. */
export type CheckId = (typeof CHECKS)[number] | `rbac:${string}`;

export type CheckState = 'ok' | 'warn' | 'fail';

export interface Check {
  readonly check: CheckId;
  readonly state: CheckState;
  /** One sentence with the values that were seen. Carries no secret. */
  readonly says: string;
  /** What to do, a command where there is one; only when the state is not `ok`. */
  readonly fix?: string;
}

/** It is as it should be. */
export function ok(check: CheckId, says: string): Check {
  return { check, state: 'ok', says };
}

/** It may be as it should be, or matters only to some. */
export function warn(check: CheckId, says: string, fix: string): Check {
  return { check, state: 'warn', says, fix };
}

/** Rollouts will not work like this. */
export function fail(check: CheckId, says: string, fix: string): Check {
  return { check, state: 'fail', says, fix };
}
