/** An access entry of EKS: may ours be made, changed or deleted? https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
import { DEPLOYERS_GROUP, DEPLOYERS_USERNAME } from './map-role.ts';

/** Says whose an entry is. Only entries that carry it are ever changed or deleted. */
export const INSTALLATION_TAG = 'fairlead:installation';

export interface AccessEntry {
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  /** `STANDARD` is for people and programs, the other types are for nodes. */
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface EntryDecision {
  readonly do: 'create' | 'update' | 'delete' | 'nothing' | 'refuse';
  readonly because: string;
}

/** Name of the installation whose deployer the role is, for the tag: `fairlead` for `…:role/fairlead-deployer`. */
export function installationOf(roleArn: string): string {
  const name = roleArn.split('/').at(-1) ?? roleArn;
  return /^(.+)-(?:deployer(?:-.+)?|cluster-access)$/.exec(name)?.[1] ?? name;
}

/** The entry that lets a deployer in: a group that RBAC gives rights to, and no access policy. A path of the role stays: EKS compares whole ARNs. */
export function deployersAccessEntry(principalArn: string, installation: string): AccessEntry {
  return {
    principalArn,
    username: DEPLOYERS_USERNAME,
    groups: [DEPLOYERS_GROUP],
    type: 'STANDARD',
    tags: { [INSTALLATION_TAG]: installation },
  };
}

/** What to do so that the entry is as `wanted`. */
export function judgeEntry(found: AccessEntry | undefined, wanted: AccessEntry): EntryDecision {
  if (found === undefined) return { do: 'create', because: `no access entry lets ${wanted.principalArn} in yet` };
  const right = hasRights(found, wanted);
  if (right && (!isOurs(found, wanted) || found.username === wanted.username)) {
    return { do: 'nothing', because: `${whose(found, wanted)} lets it in already` };
  }
  if (!isOurs(found, wanted))
    return {
      do: 'refuse',
      because: `${whose(found, wanted)} is there already: ${told(found)}; it should be ${told(wanted)}: ask whoever made it, or delete it, then try again`,
    };
  if (found.type !== wanted.type) {
    return {
      do: 'refuse',
      because: `the access entry is of type ${found.type}, which cannot be changed: delete it, then try again`,
    };
  }
  return { do: 'update', because: `the access entry is ${told(found)}` };
}

/** What to do so that there is no entry of ours any more. */
export function judgeEntryGone(found: AccessEntry | undefined, wanted: AccessEntry): EntryDecision {
  if (found === undefined) return { do: 'nothing', because: `no access entry lets ${wanted.principalArn} in` };
  if (isOurs(found, wanted)) {
    if (hasRights(found, wanted) && found.username === wanted.username) {
      return { do: 'delete', because: `the access entry ${told(found)} carries our tag` };
    }
    const because = `the access entry carries our tag and was changed since: ${told(found)}; 'cluster connect' makes it ours again, or delete it by hand`;
    return { do: 'refuse', because };
  }
  return {
    do: 'refuse',
    because: `${whose(found, wanted)} lets it in: ${told(found)}; whoever made it has to delete it`,
  };
}

const isOurs = (found: AccessEntry, wanted: AccessEntry) =>
  found.tags[INSTALLATION_TAG] === wanted.tags[INSTALLATION_TAG];

function hasRights(found: AccessEntry, wanted: AccessEntry): boolean {
  return found.type === wanted.type && found.groups.join() === wanted.groups.join();
}

function whose(found: AccessEntry, wanted: AccessEntry): string {
  if (isOurs(found, wanted)) return 'an access entry of ours';
  const other = found.tags[INSTALLATION_TAG];
  return `an access entry of ${other === undefined ? 'somebody else' : `installation ${other}`}`;
}

function told({ username, groups, type }: AccessEntry): string {
  return `${username || 'no name'} in ${groups.join(', ') || 'no group'}, type ${type}`;
}
