import { keys, ranges } from '../../../domain/keys.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { packageView } from '../views.ts';

/** GET /packages */
export async function listPackages({ table }: Deps): Promise<Answer> {
  const packages = await table.query(ranges.packages());
  return { status: 200, body: { packages: packages.map(packageView) } };
}

/** GET /packages/{package} */
export async function getPackage({ table }: Deps, call: Call): Promise<Answer> {
  const found = await table.get(keys.package(call.package));
  if (found === undefined) throw new Refused('not-found', `package ${call.package} is not registered`);
  return { status: 200, body: packageView(found) };
}
