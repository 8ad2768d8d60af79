/** May this repository's file keep the entry of this package? It says so by a token; operators' rules and operators' entries come first. */

import type { ClaimedBy, EnvironmentItem, PackageItem } from '../items/registry.ts';
import type { VerifiedClaims } from '../items/rollout.ts';
import { sameContent } from '../registry/same-content.ts';
import { type ClaimRule, mayClaim } from './claim-rules.ts';
import { foreignNeighbour } from './neighbour.ts';

/** What the file says, filled up with what it leaves out. */
export type Claim = Omit<
  PackageItem,
  'type' | 'v' | 'rev' | 'repositories' | 'forceConflicts' | 'profile' | 'references' | 'claimedBy'
>;

export interface ClaimSeen {
  readonly current?: PackageItem | undefined;
  readonly rules: readonly ClaimRule[];
  /** All of the registry. */
  readonly packages: readonly PackageItem[];
  readonly environments: readonly EnvironmentItem[];
  /** The installation's own place for a chart of the package's name. */
  readonly usualChart: string;
}

export type ClaimAnswer =
  /** The entry as it has to stand now; the registry decides the rest, as for any entry. */
  | { readonly answer: 'entry'; readonly item: Omit<PackageItem, 'rev'> }
  | { readonly answer: 'forbidden'; readonly because: string }
  /** Somebody else keeps the entry. */
  | { readonly answer: 'conflict'; readonly because: string };

/** Events of jobs that run what stands on the branch; others (pull requests above all) may run what nobody has reviewed. */
const EVENTS = ['push', 'workflow_dispatch', 'schedule'];

/** Decides a claim. */
export function claimPackage(seen: ClaimSeen, claims: VerifiedClaims, claim: Claim): ClaimAnswer {
  const unreviewed = whyUnreviewed(claims);
  if (unreviewed !== undefined) return { answer: 'forbidden', because: unreviewed };
  const keeper = whoElseKeeps(seen.current, claims);
  if (keeper !== undefined) return { answer: 'conflict', because: `package ${claim.name} ${keeper}` };
  const { name, namespace, release, chart } = claim;
  const names = { package: name, namespace, release, chart, team: claim.team, usualChart: seen.usualChart };
  // Whoever was there first stays.
  const neighbour = seen.current?.namespace === namespace ? undefined : foreignNeighbour(claim, claims, seen);
  const may = mayClaim(seen.rules, claims, { ...names, neighbour });
  if (!may.allowed) return { answer: 'forbidden', because: may.because };
  const item: Omit<PackageItem, 'rev'> = {
    ...claim,
    type: 'package',
    v: 1,
    repositories: [claims.repository],
    forceConflicts: false,
    claimedBy: { repository: claims.repository, repositoryId: claims.repositoryId, ref: claims.ref, sha: claims.sha },
  };
  return { answer: 'entry', item: asBefore(seen.current, item) };
}

/** Only what stands on a protected branch was reviewed. */
function whyUnreviewed({ ref, refProtected, event }: VerifiedClaims): string | undefined {
  if (!EVENTS.includes(event)) {
    return `a package is claimed by jobs of ${EVENTS.join(', ')}, not of ${event}: claim it where the change is merged`;
  }
  if (!ref.startsWith('refs/heads/')) return `a package is claimed from a branch, not from ${ref}`;
  if (refProtected) return undefined;
  return `${ref} is not protected, so nobody had to review its .fairlead.yaml: protect the branch (a ruleset or branch protection), or claim from one that is`;
}

function whoElseKeeps(current: PackageItem | undefined, { repositoryId }: VerifiedClaims): string | undefined {
  if (current === undefined || current.claimedBy?.repositoryId === repositoryId) return undefined;
  if (current.claimedBy === undefined) {
    return `is kept by operators (${current.updatedBy}): ask one of them to change it, or to remove it so that you can claim it`;
  }
  const { repository, repositoryId: id } = current.claimedBy;
  return `is claimed by ${repository} (repository ${id}): take another name, or ask an operator`;
}

/** A commit that leaves the file as it was changes nothing: the entry keeps the commit that wrote it. */
function asBefore(current: PackageItem | undefined, item: Omit<PackageItem, 'rev'>): Omit<PackageItem, 'rev'> {
  if (current?.claimedBy === undefined || item.claimedBy === undefined) return item;
  const claimedBy: ClaimedBy = { ...item.claimedBy, ref: current.claimedBy.ref, sha: current.claimedBy.sha };
  const before = { ...item, claimedBy };
  return sameContent(current, before) ? before : item;
}
