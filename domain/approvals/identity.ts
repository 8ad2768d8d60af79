/**
 * Who counts as one, when approvals are counted. A role session's name is chosen by its caller and proves nothing, so all sessions of a role are one
 * identity; a job that GitHub let into an environment is another, since the environment's own reviewers and branch rules stood before it.
 */
import type { Principal, RolloutItem } from '../items/rollout.ts';
import { changerRoles } from '../values-change/changer-roles.ts';

/** `role/fairlead-operator`: every session of the role. */
export const roleIdentity = (role: string): string => `role/${role}`;

/** `github/acme/webui:production`. GitHub compares repositories and environments without case. */
export const environmentIdentity = (listed: string): string => `github/${listed.toLowerCase()}`;

/** The environment that GitHub let the caller's job into, as its verified token says; undefined without one. */
export function provenEnvironment({ claims }: Principal): string | undefined {
  if (claims?.environment === undefined) return undefined;
  return environmentIdentity(`${claims.repository}:${claims.environment}`);
}

/** Everything that is proved of somebody. */
export function identitiesOf(principal: Principal): readonly string[] {
  const environment = provenEnvironment(principal);
  return [roleIdentity(principal.role), ...(environment === undefined ? [] : [environment])];
}

/** Who may not approve a rollout of theirs: whoever started it, and the roles that changed the values it brings. */
export function authorsOf({
  principal,
  valuesChange,
}: Pick<RolloutItem, 'principal' | 'valuesChange'>): readonly string[] {
  const changers = valuesChange === undefined ? [] : changerRoles(valuesChange);
  return [...identitiesOf(principal), ...changers.map(roleIdentity)];
}
