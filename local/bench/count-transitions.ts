/** State transitions, counted from the histories of executions. */
import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';

/** The one list that each inline Map goes through, by the name of the state; every item is one state more. */
export const ITEMS_OF: Readonly<Record<string, string>> = { Deploy: 'deployments', 'Pull values': 'batches' };

const Lists = z.record(z.string(), z.unknown());

/**
 * Transitions as AWS bills them: one for each state entered, one more for each retry (https://aws.amazon.com/step-functions/pricing/). MiniStack's history
 * says nothing of what happens inside a Map, so there each item counts for the one state that it goes through when nothing goes wrong.
 */
export function transitionsIn(history: readonly HistoryEvent[]): number {
  let entered = 0;
  let tasks = 0;
  let tries = 0;
  let inMaps = 0;
  for (const { type, stateEnteredEventDetails: state } of history) {
    if (type === 'TaskScheduled') tries += 1;
    if (!type?.endsWith('StateEntered')) continue;
    entered += 1;
    if (type === 'TaskStateEntered') tasks += 1;
    if (type === 'MapStateEntered') inMaps += itemsOf(state?.name ?? '', state?.input ?? '{}');
  }
  return entered + Math.max(0, tries - tasks) + inMaps;
}

function itemsOf(name: string, input: string): number {
  const list = Lists.parse(JSON.parse(input))[ITEMS_OF[name] ?? ''];
  if (!Array.isArray(list)) throw new Error(`it is not known what the Map '${name}' goes through: see ITEMS_OF`);
  return list.length;
}

/** A whole history, page by page. */
export async function historyOf(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken && { nextToken }) }),
    );
    found.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}
