/** What is said of a held package wherever it does not move: who holds it, why, and how it ends. */
import type { HoldItem } from '../items/release.ts';

/** One sentence. */
export function whyHeld({ package: pkg, environment, kind, by, reason, over }: HoldItem): string {
  const what = kind === 'disabled' ? 'disabled' : 'held';
  const earlier = over === undefined ? '' : ` (before that by ${over.by}: ${over.reason})`;
  return `${pkg} is ${what} in ${environment} by ${by}: ${reason}${earlier}; 'fairlead lift ${pkg} ${environment}' ends it`;
}
