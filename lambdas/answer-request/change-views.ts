/** Changed values as the API shows them. */
import type { ChangeView } from '../../contracts/api/values-change.ts';
import { MOST_CHANGED_SHOWN } from '../../contracts/api/values-change-view.ts';
import type { ValuesChange } from '../../domain/items/rollout.ts';
import type { ChangeItem } from '../../domain/items/values.ts';

export function changeView(item: ChangeItem): ChangeView {
  const { package: pkg, state, changed, since, last, planId, rolloutId, because } = item;
  return {
    package: pkg,
    state,
    changed: changed.map((one) => ({ ...one })),
    since,
    last,
    ...(planId !== undefined && { plan: planId }),
    ...(rolloutId !== undefined && { rollout: rolloutId }),
    because,
  };
}

/** Of a rollout: the first of its changes. */
export function valuesChangeView({ changed, environments }: ValuesChange) {
  return { changed: changed.slice(0, MOST_CHANGED_SHOWN).map((one) => ({ ...one })), environments: [...environments] };
}
