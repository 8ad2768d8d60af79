import { PackageBody } from '../../../contracts/api/package.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import type { PackageItem } from '../../../domain/items/registry.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { keepPackage } from '../keep-package.ts';

/** PUT /packages/{package}: 201 new, 200 changed or the same. */
export async function putPackage(deps: Deps, call: Call): Promise<Answer> {
  // The whole entry: one that a repository has claimed is the operators' from now on.
  const item = toItem(deps, call);
  return await keepPackage(deps, call, () => item);
}

function toItem({ installation, now }: Deps, call: Call): Omit<PackageItem, 'rev'> {
  const { chart, release, stages, ...body } = bodyOf(call, PackageBody);
  return {
    type: 'package',
    v: 1,
    name: call.package,
    chart: chart ?? `${installation.chartRegistry}/${call.package}`,
    release: release ?? call.package,
    ...body,
    ...(stages !== undefined && { stages }),
    updatedAt: now().toISOString(),
    updatedBy: nameOf(call.caller.principal),
  };
}
