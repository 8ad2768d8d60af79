/** What a caller is, by the name of its role alone: whose rights it should have. The API itself looks at the account and the installation too. */

/** The kinds of roles of an installation. */
export type CallerKind = 'operator' | 'approver' | 'reader' | 'source' | 'workflow' | 'break-glass';

export interface CallerRole {
  readonly account: string;
  /** Name without path. */
  readonly role: string;
  readonly session: string;
  /** Undefined when the name is none that an installation gives. */
  readonly kind?: CallerKind;
  /** Name of the installation, as far as the role's name tells. */
  readonly installation?: string;
  /** The source's name in `fairlead.yaml`. */
  readonly source?: string;
}

const SESSION = /^arn:aws[a-z-]*:sts::(?<account>\d{12}):assumed-role\/(?<role>[^/]+)\/(?<session>.+)$/;
const SOURCE = /^(?<installation>.+?)-source-(?<source>.+)$/;
const APPROVER = /^(?<installation>.+?)-approver-.+$/;
const OTHER = /^(?<installation>.+)-(?<word>operator|reader|workflows|break-glass)$/;

/** Reads the ARN of a role's session; undefined for users, the account's root and anything else. */
export function callerRole(arn: string): CallerRole | undefined {
  const { account, role, session } = SESSION.exec(arn)?.groups ?? {};
  if (account === undefined || role === undefined || session === undefined) return undefined;
  const { installation, source } = SOURCE.exec(role)?.groups ?? {};
  if (installation !== undefined && source !== undefined) {
    return { account, role, session, kind: 'source', installation, source };
  }
  const approver = APPROVER.exec(role)?.groups?.['installation'];
  if (approver !== undefined) return { account, role, session, kind: 'approver', installation: approver };
  const other = OTHER.exec(role)?.groups ?? {};
  const kind = KINDS[other['word'] ?? ''];
  if (kind === undefined || other['installation'] === undefined) return { account, role, session };
  return { account, role, session, kind, installation: other['installation'] };
}

const KINDS: Readonly<Record<string, CallerKind>> = {
  operator: 'operator',
  reader: 'reader',
  workflows: 'workflow',
  'break-glass': 'break-glass',
};
