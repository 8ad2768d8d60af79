import { mayRollOut } from '../../../domain/callers/source-rights.ts';
import { mayWorkOn } from '../../../domain/callers/workflow-rights.ts';
import type { PackageItem } from '../../../domain/items/registry.ts';
import { keys } from '../../../domain/keys.ts';
import type { Call, KnownCaller } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';

/** Refuses workflows of repositories that the package's entry does not let in; other callers have their rights from elsewhere. @throws Refused */
export function refuseForeign(caller: KnownCaller, pkg: PackageItem): void {
  if (caller.is !== 'source' && caller.is !== 'workflow') return;
  const answer = caller.is === 'source' ? mayRollOut(caller.settings.repository, pkg) : mayWorkOn(pkg, caller.claims);
  if (!answer.allowed) throw new Refused('forbidden', answer.because);
}

/** The same, of the package that the path names; one that is not registered any more is for whoever its rollouts are. @throws Refused */
export async function refuseForeignTo({ table }: Pick<Deps, 'table'>, { caller, package: name }: Call): Promise<void> {
  const pkg = await table.get(keys.package(name));
  if (pkg !== undefined) refuseForeign(caller, pkg);
}
