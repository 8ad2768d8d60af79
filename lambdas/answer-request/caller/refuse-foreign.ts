import { mayRollOut } from '../../../domain/callers/source-rights.ts';
import { mayWorkOn } from '../../../domain/callers/workflow-rights.ts';
import type { PackageItem } from '../../../domain/items/registry.ts';
import type { KnownCaller } from '../call.ts';
import { Refused } from '../refused.ts';

/** Refuses workflows of repositories that the package's entry does not let in; other callers have their rights from elsewhere. @throws Refused */
export function refuseForeign(caller: KnownCaller, pkg: PackageItem): void {
  if (caller.is !== 'source' && caller.is !== 'workflow') return;
  const answer = caller.is === 'source' ? mayRollOut(caller.settings.repository, pkg) : mayWorkOn(pkg, caller.claims);
  if (!answer.allowed) throw new Refused('forbidden', answer.because);
}
