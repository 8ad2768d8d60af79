/** Entries of the registry: may this package or environment stand there so, and what is written when it may? */

import type { OpenItem } from '../items/queue.ts';
import type { EnvironmentItem, PackageItem, RegistryItem } from '../items/registry.ts';
import type { ReleaseItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { type Write, write } from '../table.ts';
import { findCollision, placeId, placeOf } from './place.ts';
import { sameContent } from './same-content.ts';

export type RegisterAnswer<T> =
  | { readonly answer: 'created' | 'changed'; readonly item: T; readonly writes: readonly Write[] }
  /** It stands there so already: nothing is written. */
  | { readonly answer: 'same'; readonly item: T }
  | { readonly answer: 'conflict'; readonly because: string }
  | { readonly answer: 'revision-differs'; readonly because: string };

interface Seen<T> {
  /** The entry of that name, if any. */
  readonly current?: T | undefined;
  readonly packages: readonly PackageItem[];
  readonly environments: readonly EnvironmentItem[];
  readonly registry?: RegistryItem | undefined;
  /** Releases of this package, or in this environment; needed only when it moves. */
  readonly standing: readonly ReleaseItem[];
  /** Open rollouts that may touch them; needed only when it moves. */
  readonly open: readonly OpenItem[];
}

interface Wish<T> {
  readonly item: Omit<T, 'rev'>;
  /** The revision that the caller read, when it said so. */
  readonly ifMatch?: number | undefined;
}

/** True when the package's releases would stand elsewhere than before. */
export function movesPackage(current: PackageItem | undefined, wished: Omit<PackageItem, 'rev'>): boolean {
  return current !== undefined && (current.namespace !== wished.namespace || current.release !== wished.release);
}

/** True when releases in the environment would stand elsewhere than before. */
export function movesEnvironment(current: EnvironmentItem | undefined, wished: Omit<EnvironmentItem, 'rev'>): boolean {
  const anywhere = { name: 'any', namespace: 'any', release: 'any' };
  return current !== undefined && placeId(placeOf(anywhere, current)) !== placeId(placeOf(anywhere, wished));
}

/** Decides a package's entry. */
export function registerPackage(seen: Seen<PackageItem>, wish: Wish<PackageItem>): RegisterAnswer<PackageItem> {
  const { item } = wish;
  const refusal = refusalOf('package', item.name, seen, wish.ifMatch, movesPackage(seen.current, item));
  if (refusal !== undefined) return refusal;
  const collision = collisionOf([...others(seen.packages, item.name), item], seen.environments);
  if (collision !== undefined) return collision;
  return entry(keys.package(item.name), seen, item);
}

/** Decides an environment's entry. */
export function registerEnvironment(
  seen: Seen<EnvironmentItem>,
  wish: Wish<EnvironmentItem>,
): RegisterAnswer<EnvironmentItem> {
  const { item } = wish;
  const refusal = refusalOf('environment', item.name, seen, wish.ifMatch, movesEnvironment(seen.current, item));
  if (refusal !== undefined) return refusal;
  const collision = collisionOf(seen.packages, [...others(seen.environments, item.name), item]);
  if (collision !== undefined) return collision;
  return entry(keys.environment(item.name), seen, item);
}

const others = <T extends { readonly name: string }>(items: readonly T[], name: string) =>
  items.filter((item) => item.name !== name);

type Refusal = Extract<RegisterAnswer<never>, { readonly because: string }>;

function refusalOf(
  what: string,
  name: string,
  seen: Seen<PackageItem | EnvironmentItem>,
  ifMatch: number | undefined,
  moves: boolean,
): Refusal | undefined {
  const differs = revisionDiffers(what, name, seen.current, ifMatch);
  if (differs !== undefined) return differs;
  if (!moves) return undefined;
  const blocker = whyItStands(seen.standing, seen.open);
  if (blocker === undefined) return undefined;
  return { answer: 'conflict', because: `${what} ${name} cannot move to another place: ${blocker}` };
}

/** Optimistic concurrency: `ifMatch` is the revision that was read (RFC 9110 section 13.1.1). */
export function revisionDiffers(
  what: string,
  name: string,
  current: { readonly rev: number } | undefined,
  ifMatch: number | undefined,
): { readonly answer: 'revision-differs'; readonly because: string } | undefined {
  if (ifMatch === undefined || current?.rev === ifMatch) return undefined;
  const stands = current === undefined ? 'is not registered' : `is at revision ${current.rev}`;
  return { answer: 'revision-differs', because: `${what} ${name} ${stands}, not ${ifMatch}: read it again` };
}

/** Why an entry must stay where it is: open rollouts or releases. */
export function whyItStands(standing: readonly ReleaseItem[], open: readonly OpenItem[]): string | undefined {
  const rollout = open[0];
  if (rollout !== undefined)
    return `rollout ${rollout.rolloutId} of ${rollout.package} is open: wait for its end or abort it`;
  const releases = standing.filter(({ state }) => state !== 'absent');
  if (releases.length === 0) return undefined;
  const named = releases.slice(0, 3).map((release) => `${release.package} in ${release.environment}`);
  const more = releases.length > 3 ? ` and ${releases.length - 3} more` : '';
  return `a release stands there (${named.join(', ')}${more})`;
}

function collisionOf(
  packages: readonly Omit<PackageItem, 'rev'>[],
  environments: readonly Omit<EnvironmentItem, 'rev'>[],
): Refusal | undefined {
  const long = tooLong(packages, environments);
  if (long !== undefined) return long;
  const found = findCollision(packages, environments);
  if (found === undefined) return undefined;
  const one = `package ${found.otherPackage} in environment ${found.otherEnvironment}`;
  const other = `package ${found.package} in environment ${found.environment}`;
  return {
    answer: 'conflict',
    because: `${one} and ${other} would share the release ${found.place}: give one another namespace, release or namespace suffix`,
  };
}

/** A namespace is a DNS label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const LONGEST_NAMESPACE = 63;

function tooLong(
  packages: readonly Omit<PackageItem, 'rev'>[],
  environments: readonly Omit<EnvironmentItem, 'rev'>[],
): Refusal | undefined {
  for (const pkg of packages) {
    for (const environment of environments) {
      const { namespace } = placeOf(pkg, environment);
      if (namespace.length > LONGEST_NAMESPACE) {
        const because = `namespace ${namespace} of package ${pkg.name} in environment ${environment.name} is longer than ${LONGEST_NAMESPACE} characters: shorten the namespace or its suffix`;
        return { answer: 'conflict', because };
      }
    }
  }
  return undefined;
}

function entry<T extends PackageItem | EnvironmentItem>(
  key: Parameters<typeof write<T['type']>>[0],
  seen: Seen<T>,
  wished: Omit<T, 'rev'>,
): RegisterAnswer<T>;
function entry(
  key: Parameters<typeof write>[0],
  { current, registry }: Seen<PackageItem | EnvironmentItem>,
  wished: Omit<PackageItem, 'rev'> | Omit<EnvironmentItem, 'rev'>,
): RegisterAnswer<PackageItem | EnvironmentItem> {
  if (current !== undefined && sameContent(current, wished)) return { answer: 'same', item: current };
  const item = { ...wished, rev: (current?.rev ?? 0) + 1 };
  return {
    answer: current === undefined ? 'created' : 'changed',
    item,
    writes: [write(key, current, wished), nextEdition(registry)],
  };
}

/** Registry changes go one by one: each raises the edition that it read. */
export function nextEdition(registry: RegistryItem | undefined): Write {
  return write(keys.registry(), registry, { type: 'registry', v: 1, edition: (registry?.edition ?? 0) + 1 });
}
