/** `docs/reference/rights.md`: which role may make which call, from the routes that the roles' policies are made from. */
import { admits, type Caller } from '../../contracts/api/route.ts';
import { ROUTES } from '../../contracts/api/routes.ts';
import type { Generated } from './generated.ts';

/** Columns: the role's name, and the caller that it is. */
const ROLES: readonly (readonly [role: string, caller: Caller])[] = [
  ['`{name}-source-…`', 'source'],
  ['`{name}-workflows`', 'workflow'],
  ['`{name}-operator`', 'operator'],
  ['`{name}-break-glass`', 'break-glass'],
  ['`{name}-approver-…`', 'approver'],
  ['`{name}-reader`', 'reader'],
];

/** The page. */
export function rights(): readonly Generated[] {
  const rows = ROUTES.filter(({ who }) => who.some((caller) => ROLES.some(([, known]) => known === caller))).map(
    (route) => {
      const marks = ROLES.map(([, caller]) => (admits(route, caller) ? '✔' : ''));
      return `| \`${route.method} ${route.path}\` | ${marks.join(' | ')} |`;
    },
  );
  const content = `<!-- made by \`npm run generate\` from contracts/api/routes.ts: change it there -->
# Rights

Which role may make which call of the [API](api.md). The policies of the roles are made from the same table; what has no mark is refused by API Gateway
before any code of Fairlead's runs. [Who may do what](../who-may-what.md) says how to become which role.

| call | ${ROLES.map(([role]) => role).join(' | ')} |
|---|${ROLES.map(() => ':-:').join('|')}|
${rows.join('\n')}

Sources reach only the packages that \`fairlead.yaml\` names for them. \`{name}-workflows\` reaches any package, and each call needs a GitHub token whose
repository the package's entry lists.
`;
  return [{ path: 'docs/reference/rights.md', content }];
}
