/** May this source touch this package? IAM said so by a pattern already; here it is asked again of the decoded name. */
import type { PackageItem } from '../items/registry.ts';

/** What `fairlead.yaml` says of a source. */
export interface SourceSettings {
  readonly repository: string;
  readonly packages: readonly string[];
}

export type Answer = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/** Whether the installation's configuration gives `pkg` to the source. */
export function mayReach(source: string, settings: SourceSettings | undefined, pkg: string): Answer {
  if (settings === undefined) return { allowed: false, because: `source ${source} is not configured` };
  if (settings.packages.includes(pkg)) return { allowed: true };
  return {
    allowed: false,
    because: `package ${pkg} is not one of source ${source}: it has ${settings.packages.join(', ')}`,
  };
}

/**
 * Whether the registry entry lets the source's repository roll the package out. An empty list leaves it to the
 * configuration alone. GitHub compares names without case
 * (https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories).
 */
export function mayRollOut(repository: string, pkg: Pick<PackageItem, 'name' | 'repositories'>): Answer {
  const asked = repository.toLowerCase();
  if (pkg.repositories.length === 0 || pkg.repositories.some((r) => r.toLowerCase() === asked))
    return { allowed: true };
  return {
    allowed: false,
    because: `repository ${repository} is not among those that may roll out package ${pkg.name}`,
  };
}
