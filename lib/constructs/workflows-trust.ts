import { claimKey, type TrustStatement } from './github-trust.ts';
import { NO_PULL_REQUEST } from './source-trust.ts';

/** The organisation whose repositories share one role. */
export interface Organisation {
  /** Its name, in the letters that GitHub shows. */
  readonly owner: string;
  /** GitHub's numeric id of it. */
  readonly ownerId: string;
}

/**
 * Who may assume the role that all repositories of an organisation share: jobs on its branches and tags and in its environments, never those of pull
 * requests. What pins the organisation is the exact `repository_owner_id`, which stays when a name changes hands; the patterns on `sub` are there because
 * AWS wants that key in every trust of GitHub's, and keep out `…:pull_request` by themselves. The role opens the door only: each call then proves its
 * repository by a token of its own.
 */
export function workflowsTrust({ owner, ownerId }: Organisation): readonly TrustStatement[] {
  const jobs = [...NO_PULL_REQUEST.map((ref) => `ref:${ref}`), 'environment:*'];
  const subjects = [owner, `${owner}@${ownerId}`].flatMap((org) => jobs.map((job) => `repo:${org}/*:${job}`));
  return [
    {
      sid: 'Organisation',
      conditions: {
        StringEquals: { [claimKey('aud')]: 'sts.amazonaws.com', [claimKey('repository_owner_id')]: ownerId },
        StringLike: { [claimKey('sub')]: subjects, [claimKey('ref')]: NO_PULL_REQUEST },
      },
    },
  ];
}
