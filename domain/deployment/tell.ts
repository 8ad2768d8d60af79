/**
 * What a deployment tells of itself. Forty of a stage may be at work at once: were their events numbered as they come, all
 * would wait for the one counter, so they tell news of their own, and whoever looks numbers them (`rollout/number-news.ts`).
 */
import type { NewEvent } from '../events.ts';
import type { DeploymentItem } from '../items/deployment.ts';
import type { FailuresItem, NewsItem } from '../items/history.ts';
import { keys } from '../keys.ts';
import { type Changes, create, replace, type Write, write } from '../table.ts';

/** What happened to it, beside where. */
export interface Told extends Pick<NewEvent, 'kind' | 'text' | 'state'> {
  readonly at: Date;
}

/** News a transaction; more would share an order with the next one's. */
const MOST_NEWS = 10;

/** The writes that change a deployment and tell of it, always together: its revision orders its news. */
export function tell(
  deployment: DeploymentItem,
  changes: Changes<DeploymentItem>,
  news: readonly Told[],
): readonly Write[] {
  if (news.length > MOST_NEWS) throw new RangeError(`${news.length} news at once`);
  const { rolloutId, environment, stage, rev } = deployment;
  return [
    replace(keys.deployment(rolloutId, environment), deployment, changes),
    ...news.map(({ at, kind, text, state }, i) => {
      const order = rev * MOST_NEWS + i;
      const item: Omit<NewsItem, 'rev'> = {
        type: 'news',
        v: 1,
        rolloutId,
        order,
        at: at.toISOString(),
        kind,
        text,
        stage,
        environment,
        by: 'fairlead',
        ...(state !== undefined && { state }),
      };
      return create(keys.news(rolloutId, environment, order), item);
    }),
  ];
}

/** The write that counts `deployment` as a failure of its stage, beside those seen. */
export function countFailure({ rolloutId, stage }: DeploymentItem, seen: FailuresItem | undefined): Write {
  const item = { type: 'failures', v: 1, rolloutId, stage, count: (seen?.count ?? 0) + 1 } as const;
  return write(keys.failures(rolloutId, stage), seen, item);
}
