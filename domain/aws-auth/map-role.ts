/** An entry of `aws-auth`: which IAM role is who in a cluster. https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html */

/** The group that RBAC gives rights to; Fairlead is never in `system:masters`. */
export const DEPLOYERS_GROUP = 'fairlead:deployers';
export const DEPLOYERS_USERNAME = 'fairlead:{{SessionName}}';
const ADMINISTRATORS = 'system:masters';

/** One entry as it should stand in `mapRoles`. */
export interface MapRole {
  readonly rolearn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** One entry as it was found. Whatever else it may be, it is somebody's. */
export interface FoundRole {
  /** Of the entry in its text, from 1. */
  readonly line: number;
  readonly rolearn?: string | undefined;
  readonly username?: string | undefined;
  readonly groups: readonly string[];
}

/** What lets a deployer in. */
export function deployersEntry(rolearn: string): MapRole {
  return { rolearn, username: DEPLOYERS_USERNAME, groups: [DEPLOYERS_GROUP] };
}

const ROLE = /^(arn:aws[a-z-]*:iam::\d{12}:role)\/(?:([\w+=,.@/-]+)\/)?([\w+=,.@-]{1,64})$/;

/** Whether `arn` is a role's, and the same ARN without its path. */
export function withoutPath(arn: string): { readonly arn: string; readonly path?: string } | undefined {
  const [, begin, path, name] = ROLE.exec(arn) ?? [];
  if (begin === undefined || name === undefined) return undefined;
  return { arn: `${begin}/${name}`, ...(path !== undefined && { path }) };
}

/** Whether the authenticator takes both for one role: it compares without regard to case (pkg/config/mapper.go). An entry with a path means this role too, though it never matches. */
export function isSameRole(one: string, other: string): boolean {
  const plain = (arn: string) => (withoutPath(arn)?.arn ?? arn).toLowerCase();
  return plain(one) === plain(other);
}

export const isAdministrator = ({ groups }: Pick<FoundRole, 'groups'>): boolean => groups.includes(ADMINISTRATORS);

/** Whether the entry says what `wanted` says, letter by letter. */
export function saysThis(found: FoundRole, wanted: MapRole): boolean {
  const { rolearn, username, groups } = found;
  const sameGroups = groups.length === wanted.groups.length && groups.every((group, i) => group === wanted.groups[i]);
  return rolearn === wanted.rolearn && username === wanted.username && sameGroups;
}

/** The entry as a person would read it out. */
export function told({ rolearn, username, groups }: Omit<FoundRole, 'line'>): string {
  return `${rolearn ?? 'no role'} as ${username ?? 'nobody'} in ${groups.length === 0 ? 'no group' : groups.join(', ')}`;
}
