/** What is said of inputs that proved bad somewhere, wherever they are kept out: since when, why, and how it ends. */
import type { QuarantineItem } from '../items/release.ts';

/** One sentence. */
export function whyQuarantined({ package: pkg, environment, rolloutId, because }: QuarantineItem): string {
  const bad = `these inputs are quarantined in ${environment} since rollout ${rolloutId}: ${because}`;
  return `${bad}; roll out other inputs, or let these in: fairlead lift ${pkg} ${environment}`;
}
