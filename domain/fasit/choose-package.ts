/** Which package does fasit-deploy mean? It names a chart and no package, so the registry is asked whose chart that is. */

import { mayWorkOn } from '../callers/workflow-rights.ts';
import type { PackageItem } from '../items/registry.ts';
import type { VerifiedClaims } from '../items/rollout.ts';

export type Choice =
  | { readonly found: 'package'; readonly pkg: PackageItem }
  | { readonly found: 'nothing' | 'foreign' | 'several'; readonly because: string };

/**
 * The package whose chart is `chart` (`oci://host/path`); when none has that very place, the one whose chart has the same last part, since charts move
 * to an installation's own registry. Either way it is rolled out from the place that is registered, and only to repositories that its entry lets in.
 */
export function choosePackage(packages: readonly PackageItem[], chart: string, claims: VerifiedClaims): Choice {
  const exact = packages.filter((pkg) => pkg.chart === chart);
  const meant = exact.length > 0 ? exact : packages.filter((pkg) => lastPart(pkg.chart) === lastPart(chart));
  const [first] = meant;
  if (first === undefined) {
    return {
      found: 'nothing',
      because: `no package has the chart ${chart}: ask an operator to register one (fairlead package put ${lastPart(chart)} --chart ${chart} --repository ${claims.repository} …)`,
    };
  }
  const own = meant.filter((pkg) => mayWorkOn(pkg, claims).allowed);
  const [pkg, another] = own;
  if (another !== undefined) {
    const names = own.map(({ name }) => name).join(', ');
    return {
      found: 'several',
      because: `the packages ${names} all have the chart ${chart}: use Fairlead's own Action, which names one`,
    };
  }
  if (pkg !== undefined) return { found: 'package', pkg };
  const answer = mayWorkOn(first, claims);
  return { found: 'foreign', because: answer.allowed ? '' : answer.because };
}

const lastPart = (chart: string) => chart.slice(chart.lastIndexOf('/') + 1);
