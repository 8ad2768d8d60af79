/** A person keeps a package from moving in one environment, with a reason and a name, until somebody lifts it. */
import type { EnvironmentItem, PackageItem } from '../items/registry.ts';
import type { HoldItem } from '../items/release.ts';
import { keys } from '../keys.ts';
import { unchanged, type Write, write } from '../table.ts';

export interface HoldSeen {
  readonly pkg: PackageItem;
  readonly environment: EnvironmentItem;
  readonly hold?: HoldItem | undefined;
}

export interface HoldWish {
  readonly kind: 'hold' | 'disabled';
  readonly reason: string;
  readonly by: string;
}

export interface HoldAnswer {
  readonly hold: HoldItem;
  /** None when it is held so already. */
  readonly writes: readonly Write[];
}

/**
 * The hold that stands from now on. Put over that of a failed rollback it keeps that one's words, for what is wrong with
 * the release stays wrong; over another person's it takes that one's place.
 */
export function holdPackage({ pkg, environment, hold: there }: HoldSeen, wish: HoldWish, now: Date): HoldAnswer {
  if (there !== undefined && saysTheSame(there, wish)) return { hold: there, writes: [] };
  const over = there?.kind === 'failed-rollback' ? wordsOf(there) : there?.over;
  const item: Omit<HoldItem, 'rev'> = {
    type: 'hold',
    v: 1,
    package: pkg.name,
    environment: environment.name,
    ...wish,
    at: now.toISOString(),
    ...(over !== undefined && { over }),
  };
  return {
    hold: { ...item, rev: (there?.rev ?? 0) + 1 },
    writes: [
      // What leaves the registry meanwhile is not held.
      unchanged(keys.package(pkg.name), pkg),
      unchanged(keys.environment(environment.name), environment),
      write(keys.hold(environment.name, pkg.name), there, item),
    ],
  };
}

const saysTheSame = (there: HoldItem, { kind, reason, by }: HoldWish) =>
  there.kind === kind && there.reason === reason && there.by === by;
const wordsOf = ({ reason, by, at }: HoldItem) => ({ reason, by, at });
