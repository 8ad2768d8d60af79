/** May this caller say something about a stage, and as whom? */
import type { Gate } from '../items/registry.ts';
import type { Principal } from '../items/rollout.ts';
import { environmentIdentity, identitiesOf, provenEnvironment, roleIdentity } from './identity.ts';

export interface Approver {
  readonly principal: Principal;
  /** What the role is, by its name: `operator`, `approver`, `source` … */
  readonly is: string;
}

export interface Asked {
  readonly gate: Gate;
  /** Who started the rollout. */
  readonly author: Principal;
  /** Roles that changed what it brings: they are its authors, too. */
  readonly alsoBy?: readonly string[];
  readonly approver: Approver;
  readonly decision: 'approve' | 'refuse';
}

export type Judged =
  | { readonly may: true; readonly identity: string }
  | { readonly may: false; readonly because: string };

/** Who approves where a gate names nobody. */
const BY_DEFAULT: readonly string[] = ['operator', 'approver'];

/**
 * An approver speaks as the identity that the gate asks for: the proven GitHub environment where it is listed, else the role. Whoever started the rollout
 * may refuse it, and approve it only where the gate says so. In an emergency the break-glass role may approve, whoever is listed.
 */
export function judgeApprover({ gate, author, alsoBy = [], approver, decision }: Asked): Judged {
  const identity = identityFor(gate, approver);
  const own = [...identitiesOf(author), ...alsoBy.map(roleIdentity)];
  if (identity === undefined) {
    const refusing = decision === 'refuse' && own.includes(roleIdentity(approver.principal.role));
    if (refusing) return { may: true, identity: roleIdentity(approver.principal.role) };
    return { may: false, because: `${approver.principal.role} may not approve this stage: ${whoMay(gate)} may` };
  }
  if (decision === 'approve' && !gate.authorMayApprove && own.includes(identity)) {
    const did = identitiesOf(author).includes(identity) ? 'was started by' : 'brings values changed by';
    const because = `the rollout ${did} ${identity}, and who starts a rollout does not approve it (all sessions of one role are one identity): ${whoMay(gate)} may`;
    return { may: false, because };
  }
  return { may: true, identity };
}

function identityFor({ approvers }: Gate, { principal, is }: Approver): string | undefined {
  const role = roleIdentity(principal.role);
  if (approvers === undefined) return is === 'break-glass' || BY_DEFAULT.includes(is) ? role : undefined;
  const environment = provenEnvironment(principal);
  if (environment !== undefined && approvers.githubEnvironments.map(environmentIdentity).includes(environment)) {
    return environment;
  }
  return is === 'break-glass' || approvers.roles.includes(principal.role) ? role : undefined;
}

/** Who may approve, as people are told. */
export function whoMay({ approvers }: Gate): string {
  if (approvers === undefined) return 'the operators and the approver roles of fairlead.yaml';
  const { roles, githubEnvironments } = approvers;
  return [...roles.map((role) => `role ${role}`), ...githubEnvironments.map((e) => `a job in ${e}`)].join(', ');
}
