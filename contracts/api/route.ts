/** What a route of the API is: the one description from which stack, policies, router and OpenAPI are made. */
import type * as z from 'zod';
import type { ProblemType } from './problem.ts';

/**
 * Who may call: `source` roles reach only their own packages (`{package}` in the path); `workflow` is the role that all repositories of the organisation
 * share, where a GitHub token proves which one calls; `approver` roles look at everything and say yes or no at gates; `break-glass` is for emergencies and says why; `token` callers have no AWS identity, only GitHub's token.
 */
export type Caller = 'source' | 'operator' | 'approver' | 'reader' | 'workflow' | 'break-glass' | 'token';

export type Operation =
  | 'putPackage'
  | 'getPackage'
  | 'claimPackage'
  | 'deletePackage'
  | 'listPackages'
  | 'putEnvironment'
  | 'getEnvironment'
  | 'deleteEnvironment'
  | 'listEnvironmentValues'
  | 'putEnvironmentValue'
  | 'deleteEnvironmentValue'
  | 'listValueUses'
  | 'listEnvironments'
  | 'listReleases'
  | 'inspectEnvironment'
  | 'showValues'
  | 'recoverRelease'
  | 'startRollout'
  | 'listRollouts'
  | 'listOpenRollouts'
  | 'getRollout'
  | 'listEvents'
  | 'getEvidence'
  | 'abortRollout'
  | 'retryRollout'
  | 'startRollback'
  | 'putHold'
  | 'deleteHold'
  | 'liftAll'
  | 'putApproval'
  | 'putStatus'
  | 'listFreezes'
  | 'getFreeze'
  | 'putFreeze'
  | 'deleteFreeze'
  | 'startPlan'
  | 'listPlans'
  | 'getPlan'
  | 'listChanges'
  | 'startValuesRollout'
  | 'listAudit'
  | 'getInstallation'
  | 'createAssignment'
  | 'getAssignment';

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** API Gateway's form: `/packages/{package}/rollouts/{rollout}`. */
  readonly path: `/${string}`;
  readonly operation: Operation;
  readonly who: readonly Caller[];
  /** One sentence, for the documents. */
  readonly summary: string;
  readonly body?: z.ZodType;
  /** Query parameters, all optional. */
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** Status → body; `undefined` for no body. */
  readonly answers: Readonly<Record<number, { readonly says: string; readonly body?: z.ZodType }>>;
  /** Refusals of its own, beside those that every route has. */
  readonly problems: readonly ProblemType[];
}

/** Whether a route is for this caller. In an emergency one may do what operators may, and says why. */
export function admits({ who }: Pick<Route, 'who'>, caller: Caller): boolean {
  return who.includes(caller === 'break-glass' ? 'operator' : caller);
}
