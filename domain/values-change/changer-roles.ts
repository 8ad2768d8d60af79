/** Which roles changed layers? Whoever changed a value is an author of the rollout that brings it. */
import type { ValuesChange } from '../items/rollout.ts';

/** A role's session, as Parameter Store names who changed something. */
const SESSION = /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/([\w+=,.@-]{1,64})\//;

/** The names of the roles in whose sessions the layers were changed; users of IAM and the root have none. */
export function changerRoles({ changed }: ValuesChange): readonly string[] {
  const roles = changed.flatMap(({ by }) => SESSION.exec(by)?.[1] ?? []);
  return [...new Set(roles)];
}
