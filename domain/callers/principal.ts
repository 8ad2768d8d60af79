/** Who is calling, from the ARN that AWS proved. Role names decide; nothing that the caller says does. */
import type { Principal, VerifiedClaims } from '../items/rollout.ts';

export type CallerIdentity =
  | { readonly is: 'operator' | 'approver' | 'reader' | 'break-glass'; readonly principal: Principal }
  | { readonly is: 'workflow' /** Of a repository that only its token names. */; readonly principal: Principal }
  | {
      readonly is: 'source' /** Its name in `fairlead.yaml`. */;
      readonly source: string;
      readonly principal: Principal;
    }
  | { readonly is: 'stranger'; readonly because: string };

export interface Installation {
  /** `{name}-`: what the names of our roles begin with. */
  readonly rolePrefix: string;
  readonly account: string;
}

/** A role's session, e.g. `arn:aws:sts::123456789012:assumed-role/fairlead-operator/ada`; a role's path is not part of it. */
const SESSION =
  /^arn:aws[a-z-]*:sts::(?<account>\d{12}):assumed-role\/(?<role>[\w+=,.@-]{1,64})\/(?<session>[\w+=,.@-]{2,64})$/;

/** Reads the caller's ARN (`requestContext.identity.userArn`). Only the whole role name counts, in our own account. */
export function callerOf(userArn: string | null | undefined, { rolePrefix, account }: Installation): CallerIdentity {
  const { account: callers, role, session } = SESSION.exec(userArn ?? '')?.groups ?? {};
  if (callers === undefined || role === undefined || session === undefined) {
    return { is: 'stranger', because: `${userArn ?? 'nobody'} is not a session of a role` };
  }
  if (callers !== account) return { is: 'stranger', because: `role ${role} is of account ${callers}, not ${account}` };
  const principal = { role, session, account };
  if (role === `${rolePrefix}operator`) return { is: 'operator', principal };
  if (role === `${rolePrefix}reader`) return { is: 'reader', principal };
  if (role === `${rolePrefix}break-glass`) return { is: 'break-glass', principal };
  if (role === `${rolePrefix}workflows`) return { is: 'workflow', principal };
  const approverPrefix = `${rolePrefix}approver-`;
  if (role.startsWith(approverPrefix) && role.length > approverPrefix.length) return { is: 'approver', principal };
  const sourcePrefix = `${rolePrefix}source-`;
  if (role.startsWith(sourcePrefix) && role.length > sourcePrefix.length) {
    return { is: 'source', source: role.slice(sourcePrefix.length), principal };
  }
  return { is: 'stranger', because: `role ${role} is none of this installation's` };
}

/**
 * How a principal is named in events and registry entries: `role/session`, and where GitHub's token proved whose job it is `role/actor@owner/name/run`,
 * since callers choose the names of their sessions themselves.
 */
export function nameOf({ role, session, claims }: Principal): string {
  return `${role}/${claims === undefined ? session : jobName(claims)}`;
}

/** How a job is named that GitHub's token proved: `actor@owner/name/run`. */
export function jobName({ actor, repository, runId }: VerifiedClaims): string {
  return `${actor}@${repository}/${runId}`;
}
