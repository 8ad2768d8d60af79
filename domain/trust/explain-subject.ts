/**
 * Why a token's `sub` is none of those that a policy accepts, in words that say what to change. GitHub writes it in two forms: `repo:OWNER/NAME:JOB`, and
 * for repositories made or renamed since 2026-07-15 `repo:OWNER@ID/NAME@ID:JOB`
 * (https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims).
 */
import { isLike } from './match-of.ts';

export interface Explained {
  readonly because: string;
  readonly fix: string;
}

interface Subject {
  readonly owner: string;
  readonly ownerId: string | undefined;
  readonly name: string;
  readonly nameId: string | undefined;
  /** `ref:refs/heads/main`, `environment:production`, `pull_request`. */
  readonly job: string;
}

const SUBJECT = /^repo:(?<owner>[^@/:]+)(@(?<ownerId>[^@/:]+))?\/(?<name>[^@/:]+)(@(?<nameId>[^@/:]+))?:(?<job>.+)$/;

/** Explains `seen` against `accepted`, of which none matches: the nearest one is what it is compared with. */
export function explainSubject(seen: string, accepted: readonly string[]): Explained {
  const token = read(seen);
  const others = accepted.flatMap((value) => read(value) ?? []);
  if (token === undefined) {
    return {
      because: `'${seen}' is not GitHub's usual form`,
      fix: 'the organisation or repository has a customized sub template: set it back to the default, or condition the policy on other claims',
    };
  }
  const sameName = others.filter((other) => sameRepository(token, other));
  if (sameName.length === 0) return otherRepository(token, others);
  const sameJob = sameName.filter(({ job }) => isLike(token.job, job));
  return sameJob.length === 0 ? otherJob(token, sameName) : otherIds(token, seen, sameJob);
}

function read(text: string): Subject | undefined {
  const { owner, ownerId, name, nameId, job } = SUBJECT.exec(text)?.groups ?? {};
  if (owner === undefined || name === undefined || job === undefined) return undefined;
  return { owner, ownerId, name, nameId, job };
}

const lower = ({ owner, name }: Subject) => `${owner}/${name}`.toLowerCase();
const sameRepository = (token: Subject, other: Subject) => isLike(lower(token), lower(other));
const hasIds = ({ ownerId, nameId }: Subject) => ownerId !== undefined && nameId !== undefined;
const listed = (all: readonly string[]) => [...new Set(all)].map((one) => `'${one}'`).join(', ');

function otherRepository(token: Subject, others: readonly Subject[]): Explained {
  const theirs = listed(others.map(({ owner, name }) => `${owner}/${name}`));
  return {
    because: `the token is of repository '${token.owner}/${token.name}', and the role is for ${theirs || 'none that is readable'}`,
    fix: `use the role of this repository's own source, or add a source for ${token.owner}/${token.name} to fairlead.yaml and deploy`,
  };
}

function otherJob(token: Subject, others: readonly Subject[]): Explained {
  const theirs = listed(others.map(({ job }) => job));
  const because = `the job runs as '${token.job}', and the role is for ${theirs}`;
  if (token.job === 'pull_request') {
    return {
      because,
      fix: 'jobs of pull requests get no role: run it on push, or in a GitHub environment that the source names',
    };
  }
  const [, environment] = /^environment:(.+)$/.exec(token.job) ?? [];
  if (environment !== undefined) {
    const name = environment.replaceAll('%3A', ':');
    return {
      because,
      fix: `a job with 'environment: ${name}' says so instead of its branch: add '${name}' to the source's environments in fairlead.yaml and deploy, or leave 'environment' out of the job`,
    };
  }
  const ref = token.job.replace(/^ref:/, '');
  return {
    because,
    fix: `run the job where the role is for, or add '${ref}' to the source's refs in fairlead.yaml and deploy`,
  };
}

/** Repository and job are right: the form of `sub`, the ids or the case differ. */
function otherIds(token: Subject, seen: string, others: readonly Subject[]): Explained {
  const withIds = others.filter(hasIds);
  if (hasIds(token) && withIds.length === 0) {
    return {
      because: "the token has GitHub's immutable form of sub, with ids, and the policy has only the form without",
      fix: `add '${seen}' to the policy: set ownerId: '${token.ownerId}' and repositoryId: '${token.nameId}' of the source in fairlead.yaml and deploy`,
    };
  }
  if (!hasIds(token) && withIds.length === others.length) {
    return {
      because: "the token has GitHub's old form of sub, without ids, and the policy has only the immutable form",
      fix: `add '${seen}' to the policy, or turn on immutable subject claims in the repository's settings (Actions, OIDC)`,
    };
  }
  if (hasIds(token) && withIds.every((other) => other.ownerId !== token.ownerId || other.nameId !== token.nameId)) {
    const theirs = listed(withIds.map(({ ownerId, nameId }) => `${ownerId}/${nameId}`));
    return {
      because: `the token's ids are '${token.ownerId}/${token.nameId}' (owner/repository), and the policy has ${theirs}: another repository of the same name`,
      fix: 'when it was made anew or moved on purpose, set its ownerId and repositoryId in fairlead.yaml and deploy',
    };
  }
  return {
    because: `'${seen}' differs in upper and lower case`,
    fix: `write the repository in fairlead.yaml as GitHub does: ${token.owner}/${token.name}`,
  };
}
