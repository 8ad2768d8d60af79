/** What helm remembers, as a test needs it. */
import type { HelmStatus, ManifestObject, ReleaseHistory } from '../../domain/release/release-history.ts';

interface Told {
  readonly status: HelmStatus;
  /** undefined: never ours. */
  readonly fence?: number;
  readonly objects?: readonly ManifestObject[];
}

/** Revisions counted from `first`, the last one with its content. */
export function aHistory(revisions: readonly Told[], first = 1): ReleaseHistory {
  const all = revisions.map(({ status, fence }, i) => ({
    revision: first + i,
    status,
    labels: fence === undefined ? {} : { 'fairlead.dev/fence': String(fence) },
  }));
  const last = all.at(-1);
  if (last === undefined) return { revisions: [] };
  const objects = revisions.at(-1)?.objects ?? [];
  const latest = { ...last, description: '', chart: { name: 'web', version: '1.0.0' }, objects, hooks: [] };
  return { revisions: all, latest };
}
