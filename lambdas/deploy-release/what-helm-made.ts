/** Did helm make the revision that we claimed? Told by number and fence, not by helm's word. */
import type { Place } from '../../domain/items/deployment.ts';
import type { Releases } from '../../domain/release/release-history.ts';
import { fenceOf } from '../../domain/release/stuck-release.ts';

export interface Claimed {
  readonly expectedRevision: number;
  readonly fence: number;
}

/** `none`: the release stands as before; `another`: somebody else's revision came since; `unknown`: it cannot be read. */
export async function whatHelmMade(
  releases: Releases,
  { namespace, release }: Place,
  { expectedRevision, fence }: Claimed,
): Promise<'ours' | 'none' | 'another' | 'unknown'> {
  const history = await releases.history(namespace, release);
  if (!history.ok) return 'unknown';
  const { latest } = history.value;
  if (latest === undefined || latest.revision < expectedRevision) return 'none';
  return latest.revision === expectedRevision && fenceOf(latest) === fence ? 'ours' : 'another';
}
