/** Plans as the API shows them. */
import type { PlanSummary } from '../../contracts/api/plan.ts';
import type { PlanItem } from '../../domain/items/values.ts';
import { standingOf } from '../../domain/plans/standing.ts';

/** What is listed of it; one that lost its execution reads as `errored`. */
export function planSummary(item: PlanItem, now: Date): PlanSummary {
  const {
    id,
    package: pkg,
    version,
    principal,
    at,
    code,
    finishedAt,
    digest,
    environments,
    changed,
    valuesChange,
  } = item;
  return {
    id,
    package: pkg,
    version,
    ...standingOf(item, now),
    ...(code !== undefined && { code }),
    startedBy: principal,
    at,
    ...(finishedAt !== undefined && { finishedAt }),
    ...(digest !== undefined && { digest }),
    ...(environments !== undefined && { environments }),
    ...(changed !== undefined && { changed }),
    ...(valuesChange !== undefined && { valuesChanged: valuesChange.changed.map((one) => ({ ...one })) }),
  };
}
