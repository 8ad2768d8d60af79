/** May this job use the role that all repositories of the organisation share, and on this package? Its token says whose job it is. */

import type { PackageItem } from '../items/registry.ts';
import type { VerifiedClaims } from '../items/rollout.ts';
import type { SelfService } from './claim-rules.ts';
import type { Answer } from './source-rights.ts';

/**
 * Whether the job belongs to the organisation that self-service is for: by number, since a name can change hands; and stands on a branch or tag. The role's
 * trust keeps pull requests out, too, but the role's session and the token need not be of the same job.
 */
export function mayUseSelfService(settings: SelfService | undefined, { owner, ownerId, ref }: VerifiedClaims): Answer {
  if (settings === undefined) return denied('self-service is not configured: an operator can add selfService');
  if (settings.ownerId !== ownerId) {
    return denied(
      `self-service is for repositories of ${settings.owner} (${settings.ownerId}), not of ${owner} (${ownerId})`,
    );
  }
  if (/^refs\/(heads|tags)\//.test(ref)) return { allowed: true };
  return denied(`self-service is for jobs on branches and tags, not for ${ref}: call where the change is merged`);
}

type Entry = Pick<PackageItem, 'name' | 'repositories' | 'claimedBy'>;

/**
 * Whether the package's entry lets the repository touch it. A claimed entry knows its repository by number: a new one of the old name is a stranger,
 * a renamed one is not. An operator's entry that names no repository is for configured sources, not for everybody.
 */
export function mayWorkOn({ name, repositories, claimedBy }: Entry, claims: VerifiedClaims): Answer {
  const { repository, repositoryId } = claims;
  if (claimedBy !== undefined) {
    if (claimedBy.repositoryId === repositoryId) return { allowed: true };
    return denied(
      `package ${name} is claimed by ${claimedBy.repository} (repository ${claimedBy.repositoryId}), not by ${repository} (${repositoryId})`,
    );
  }
  const asked = repository.toLowerCase();
  if (repositories.some((listed) => listed.toLowerCase() === asked)) return { allowed: true };
  return denied(
    `repository ${repository} is not among those that may roll out package ${name}: ask an operator to add it to the repositories of its entry`,
  );
}

const denied = (because: string): Answer => ({ allowed: false, because });
