/** What deployments told becomes the history: gapless, each one's in its own order, whoever numbers it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { tell } from '../../../domain/deployment/tell.ts';
import type { EventItem } from '../../../domain/items/history.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { catchUp, MOST_NUMBERED } from '../../../domain/rollout/number-news.ts';
import { create } from '../../../domain/table.ts';
import { aDeployment, later, ROLLOUT, someEvents } from '../../support/items.ts';

const PATIENCE = { tries: 50, pause: async () => undefined };

/** Deployments by environment, each telling one line a step; `at` is what the clock of that step's function says. */
async function story(steps: readonly { readonly environment: string; readonly minutes: number }[]) {
  const table = memoryTable();
  await table.transact([create(keys.events(ROLLOUT), someEvents({ last: 0 }))]);
  for (const environment of new Set(steps.map((step) => step.environment))) {
    await table.transact([create(keys.deployment(ROLLOUT, environment), aDeployment({ environment }))]);
  }
  const step = async ({ environment, minutes }: (typeof steps)[number], i: number) => {
    const deployment = await table.get(keys.deployment(ROLLOUT, environment));
    if (deployment === undefined) throw new Error('it is gone');
    const news = { at: later(minutes), kind: 'deployment-applied' as const, text: `${environment} ${i}` };
    const { committed } = await table.transact(tell(deployment, {}, [news]));
    expect(committed).toBe(true);
  };
  const history = () => table.query(ranges.events(ROLLOUT));
  return { table, step, history, catchUp: () => catchUp(table, PATIENCE, ROLLOUT) };
}

const isGapless = (events: readonly EventItem[]) =>
  expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));

describe('news', () => {
  test('are numbered by their time', async () => {
    const steps = [
      { environment: 'eu', minutes: 2 },
      { environment: 'us', minutes: 1 },
    ];
    const { step, history, catchUp } = await story(steps);
    for (const [i, one] of steps.entries()) await step(one, i);
    await catchUp();
    expect((await history()).map(({ text, environment }) => [text, environment])).toEqual([
      ['us 1', 'us'],
      ['eu 0', 'eu'],
    ]);
  });

  test('are numbered once, whoever does it at the same time', async () => {
    const steps = Array.from({ length: 120 }, (_, i) => ({ environment: `e${i % 40}`, minutes: i }));
    const { table, step, history, catchUp } = await story(steps);
    for (const [i, one] of steps.entries()) await step(one, i);
    await Promise.all([catchUp(), catchUp(), catchUp()]);
    isGapless(await history());
    expect(await history()).toHaveLength(120);
    expect(120).toBeGreaterThan(MOST_NUMBERED);
    expect(await table.query(ranges.news(ROLLOUT))).toEqual([]);
  });

  test('of one deployment stay in its own order, however wrong the clocks are', async () => {
    const environment = fc.constantFrom('dev', 'eu', 'us');
    const steps = fc.array(fc.record({ environment, minutes: fc.integer({ min: -5, max: 5 }), looked: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(steps, async (said) => {
        const { step, history, catchUp } = await story(said);
        for (const [i, one] of said.entries()) {
          await step(one, i);
          if (one.looked) await catchUp();
        }
        await catchUp();
        const told = await history();
        isGapless(told);
        expect(told).toHaveLength(said.length);
        for (const name of ['dev', 'eu', 'us']) {
          const own = told.filter((event) => event.environment === name).map(({ text }) => Number(text.split(' ')[1]));
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 50 },
    );
  });
});
