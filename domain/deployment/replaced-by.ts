/** Which inputs does a deployment take the place of, where others stood there? */
import type { DeploymentItem } from '../items/deployment.ts';
import type { ReleaseItem } from '../items/release.ts';

export type Replaced = NonNullable<ReleaseItem['tried']>;

/** Those that stood there, or, of a release that failed, those whose rollout left it so. */
export function replacedBy(
  { inputs }: Pick<DeploymentItem, 'inputs'>,
  release: ReleaseItem | undefined,
): Replaced | undefined {
  if (release === undefined) return undefined;
  const stood = standing(release);
  return stood?.inputsDigest === inputs.digest ? undefined : stood;
}

function standing({ rolloutId, version, inputsDigest, tried }: ReleaseItem): Replaced | undefined {
  if (rolloutId === undefined || version === undefined || inputsDigest === undefined) return tried;
  return { rolloutId, version, inputsDigest };
}
