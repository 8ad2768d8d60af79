import type { OidcClaims } from '../../../local/github/oidc-claims.ts';
import type { Asking, Policies, Ruling, SessionOf } from '../../support/policies.ts';

/** What somebody tries. */
export type Attempt =
  /** To become the role with GitHub's token. */
  | { readonly token: OidcClaims }
  /** To become the role as somebody else. */
  | { readonly asking: Asking }
  /** As the role: to call the API, e.g. `POST /packages/webui/rollouts`. */
  | { readonly call: string }
  /** As the role: to do something to AWS, e.g. `ssm:PutParameter`. */
  | { readonly action: string; readonly resource: string; readonly session?: SessionOf };

/** One line of the table. */
export interface Row {
  /** The role's name without `fairlead-`. */
  readonly role: string;
  /** Who tries what. */
  readonly says: string;
  readonly attempt: Attempt;
  readonly allowed: boolean;
  /** Statement that allows it, or `statement: conditions` that were not met. */
  readonly by: string;
}

export const allowed = (role: string, says: string, by: string, attempt: Attempt): Row => ({
  role,
  says,
  attempt,
  by,
  allowed: true,
});

export const refused = (role: string, says: string, by: string, attempt: Attempt): Row => ({
  role,
  says,
  attempt,
  by,
  allowed: false,
});

/** What the policies say of it. */
export async function judge(policies: Policies, { role, attempt }: Row): Promise<Ruling> {
  const name = `fairlead-${role}`;
  if ('token' in attempt) return policies.assumes(name, attempt.token);
  if ('asking' in attempt) return policies.lends(name, attempt.asking);
  if ('action' in attempt) return policies.does(name, attempt.action, attempt.resource, attempt.session);
  const [method = '', path = ''] = attempt.call.split(' ');
  return policies.calls(name, method, path);
}

/** The table as text, in the order of the rows. */
export function tableOf(rows: readonly Row[], rulings: ReadonlyMap<Row, Ruling>): string {
  const columns = rows.map((row) => {
    const { allowed: yes, by } = rulings.get(row) ?? { allowed: false, by: 'not judged' };
    return [yes ? 'allowed' : 'refused', row.role, row.says, by];
  });
  const widths = [0, 1, 2].map((i) => Math.max(...columns.map((cells) => cells[i]?.length ?? 0)));
  return columns
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
