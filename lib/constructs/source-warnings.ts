import type { Source } from '../../contracts/source.ts';

/** What a person should know of a source that is accepted all the same, by a short name; `cdk synth` prints it. */
export function sourceWarnings({ name, repository, repositoryId, sessionMinutes }: Source): Record<string, string> {
  return {
    ...(repositoryId === undefined && {
      'unpinned-source':
        `source ${name}: without ownerId and repositoryId, whoever deletes ${repository} and makes a repository of that name anew gets in; ` +
        `and ${repository} itself is refused if it was made since July 2026, because its tokens carry the ids in sub. ` +
        `Find them with: gh api repos/${repository} --jq '.owner.id, .id'`,
    }),
    ...(sessionMinutes < 60 && {
      'short-session':
        `source ${name}: AWS ends a role's sessions after an hour and cannot be told to end them sooner; ` +
        `let the workflow ask for ${sessionMinutes * 60} seconds (role-duration-seconds)`,
    }),
  };
}
