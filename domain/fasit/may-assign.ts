/** May this job use the routes that stand in for fasit? Its token says whose job it is; whether a package is its own is asked later. */

import type { Answer } from '../callers/source-rights.ts';
import type { VerifiedClaims } from '../items/rollout.ts';

/** `fasitDeploy` of `fairlead.yaml`, as far as a verified token is judged by it. */
export interface FasitSettings {
  readonly owners: readonly { readonly name: string; readonly id: string }[];
  /** `owner/name`, `owner/prefix-*` or `owner/*`; all repositories of the owners when absent. */
  readonly repositories?: readonly string[] | undefined;
}

/** By the owner's number, since a name can change hands; GitHub compares names of repositories without case. */
export function mayAssign({ owners, repositories }: FasitSettings, claims: VerifiedClaims): Answer {
  const { owner, ownerId, repository, ref } = claims;
  if (!owners.some(({ id }) => id === ownerId)) {
    const may = owners.map(({ name, id }) => `${name} (${id})`).join(', ');
    return denied(`invalid repository owner: ${owner} (${ownerId}) is none of ${may}`);
  }
  if (!/^refs\/(heads|tags)\//.test(ref)) {
    return denied(`assignments are for jobs on branches and tags, not for ${ref}: deploy where the change is merged`);
  }
  if (repositories === undefined || repositories.some((pattern) => matches(pattern, repository))) {
    return { allowed: true };
  }
  return denied(`repository ${repository} is not among those of fasitDeploy: an operator can add it to repositories`);
}

const denied = (because: string): Answer => ({ allowed: false, because });

function matches(pattern: string, repository: string): boolean {
  const [wanted, asked] = [pattern.toLowerCase(), repository.toLowerCase()];
  return wanted.endsWith('*') ? asked.startsWith(wanted.slice(0, -1)) : asked === wanted;
}
