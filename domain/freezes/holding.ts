/**
 * Which freezes keep a package from moving at a moment, and until when? A freeze means environments by their labels and
 * packages by name; an override passes those that name its role and stood when it was given.
 */
import type { FreezeItem } from '../items/gates.ts';
import type { Override } from '../items/rollout.ts';
import type { Calendar } from '../ports.ts';
import { type Labels, matches } from '../target.ts';
import { windowAt } from './window-at.ts';

export interface Frozen {
  readonly freeze: FreezeItem;
  /** When it began to hold; absent where it always did. */
  readonly since?: Date | undefined;
  /** The first moment that is free again; absent when only a person ends it. */
  readonly until?: Date | undefined;
  readonly because: string;
}

/** The freeze that stops everything. */
export const STOP = 'stop';

/** Whose way freezes may be in. */
export interface Mover {
  readonly package: string;
  readonly override?: Override | undefined;
}

/** All that hold at `at` for this package somewhere. Each window is looked at once, whatever the number of environments. */
export function holding(
  freezes: readonly FreezeItem[],
  { package: pkg, override }: Mover,
  at: Date,
  calendar: Calendar,
): readonly Frozen[] {
  return freezes
    .filter((freeze) => freeze.packages === undefined || freeze.packages.includes(pkg))
    .filter((freeze) => !passes(override, freeze))
    .flatMap((freeze) => {
      const { held } = windowAt(freeze.window, at, calendar);
      return held === undefined ? [] : [{ freeze, ...held, because: sentence(freeze, held.until) }];
    });
}

/** Of those that hold, the one that holds an environment with these labels the longest. */
export function frozenBy(labels: Labels | undefined, all: readonly Frozen[]): Frozen | undefined {
  return all
    .filter(({ freeze }) => matches(freeze.target, labels ?? {}))
    .toSorted((a, b) => endOf(b) - endOf(a) || (a.freeze.name < b.freeze.name ? -1 : 1))[0];
}

/** What was put or changed after the override was not known to whoever gave it, and holds. */
export function passes(override: Override | undefined, { overridableBy, at }: FreezeItem): boolean {
  return override !== undefined && overridableBy.includes(override.role) && Date.parse(at) <= Date.parse(override.at);
}

/** What ends a freeze sooner, as it is typed. */
export function endingCommand({ name }: Pick<FreezeItem, 'name'>): string {
  return name === STOP ? 'fairlead resume' : `fairlead freeze lift ${name}`;
}

const endOf = ({ until }: Pick<Frozen, 'until'>) => until?.getTime() ?? Number.MAX_SAFE_INTEGER;

function sentence({ name, reason, by }: FreezeItem, until: Date | undefined): string {
  const end = until === undefined ? 'until it is lifted' : `until ${until.toISOString()}`;
  return `freeze ${name} by ${by} holds ${end}: ${reason}`;
}
