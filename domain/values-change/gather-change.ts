/**
 * What becomes of a changed layer? It is gathered: each parameter once, as it was changed last. An event that comes twice changes
 * nothing, nor does a sweep that finds what was carried out before; what was announced and not applied is gathered again with what is new.
 */
import type { ChangedParameter } from '../items/rollout.ts';
import type { ChangeItem } from '../items/values.ts';
import { keys } from '../keys.ts';
import { type Write, write } from '../table.ts';
import { changesText } from './change-text.ts';

export interface Gathered {
  readonly writes: readonly Write[];
  readonly because: string;
}

/** The writes that keep `changed` in mind for `pkg`; none when all of it is known. */
export function gatherChange(
  seen: ChangeItem | undefined,
  pkg: string,
  changed: readonly ChangedParameter[],
  now: Date,
): Gathered {
  const known = seen === undefined ? [] : [...seen.changed, ...without(seen.done ?? [], seen.changed)];
  const fresh = changed.filter((one) => !known.some((other) => isSame(other, one)));
  if (fresh.length === 0) return { writes: [], because: 'it is known already' };
  const pending = seen !== undefined && isPending(seen);
  const kept = pending ? without(seen.changed, fresh) : [];
  const carriedOut = pending ? [] : (seen?.changed ?? []);
  const done = newest([...without(seen?.done ?? [], carriedOut), ...carriedOut]);
  const after = seen?.rolloutId ?? seen?.after;
  const because = `changed: ${changesText(fresh)}`;
  const at = now.toISOString();
  const item: Omit<ChangeItem, 'rev'> = {
    type: 'change',
    v: 1,
    package: pkg,
    changed: [...kept, ...fresh].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...(done.length > 0 && { done }),
    ...(after !== undefined && { after }),
    since: seen?.state === 'gathering' ? seen.since : at,
    last: at,
    state: 'gathering',
    because,
  };
  return { writes: [write(keys.change(pkg), seen, item)], because };
}

/** Those of `all` that `others` do not name. */
const without = (all: readonly ChangedParameter[], others: readonly ChangedParameter[]) =>
  all.filter(({ name }) => !others.some((other) => other.name === name));

/** Some hundred bytes each; an item has 400 KB (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html). */
const MOST_DONE = 500;

/** What was changed last, of what would not fit. */
function newest(all: readonly ChangedParameter[]): readonly ChangedParameter[] {
  if (all.length <= MOST_DONE) return all;
  const byTime = all.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const kept = new Set(byTime.slice(0, MOST_DONE));
  return all.filter((one) => kept.has(one));
}

/** Nothing has brought it anywhere yet. */
export function isPending({ state }: Pick<ChangeItem, 'state'>): boolean {
  return state === 'gathering' || state === 'announced';
}

/** A parameter made anew begins at version 1 again: its time tells it from the one before. */
function isSame(known: ChangedParameter, other: ChangedParameter): boolean {
  if (known.name !== other.name || known.version !== other.version) return false;
  return other.version === undefined || known.at === other.at;
}
