/** Freezes as the API shows them. */
import type { FreezeView, FrozenView } from '../../contracts/api/freeze.ts';
import type { FrozenNow } from '../../domain/freezes/admission.ts';
import { windowAt } from '../../domain/freezes/window-at.ts';
import type { FreezeItem } from '../../domain/items/gates.ts';
import type { Calendar } from '../../domain/ports.ts';

/** With what it does now, and next. */
export function freezeView(item: FreezeItem, now: Date, calendar: Calendar): FreezeView {
  const { type: _type, v: _v, rev, overridableBy, packages, ...rest } = item;
  const { held, next } = windowAt(item.window, now, calendar);
  return {
    ...rest,
    ...(packages !== undefined && { packages: [...packages] }),
    overridableBy: [...overridableBy],
    active: held !== undefined,
    ...(held?.until !== undefined && { until: held.until.toISOString() }),
    ...(next !== undefined && { next: next.toISOString() }),
    revision: rev,
  };
}

/** What is in a rollout's way. */
function frozenViews(frozen: readonly FrozenNow[]): FrozenView[] {
  return frozen.map(({ freeze, until, environments }) => ({
    freeze: freeze.name,
    reason: freeze.reason,
    by: freeze.by,
    ...(until !== undefined && { until: until.toISOString() }),
    environments: [...environments],
  }));
}

/** The part of an answer that tells of freezes; nothing when none is in the way. */
export function frozenPart(frozen: readonly FrozenNow[]): { readonly frozen?: FrozenView[] } {
  return frozen.length === 0 ? {} : { frozen: frozenViews(frozen) };
}
