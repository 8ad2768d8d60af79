/** 500 environments in one stage: what a transaction, a payload and a history can hold is never exceeded (the runner and the table refuse as AWS would). */
import { expect, test } from 'vitest';
import { aStage } from '../support/items.ts';
import { rolloutWorld } from '../support/rollout-world.ts';

const A = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
const MANY = Array.from({ length: 500 }, (_, i) => `env-${String(i).padStart(3, '0')}`);
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_EVENTS = 25_000;

test('500 environments in one stage, 40 at once, with a soak', { timeout: 120_000 }, async () => {
  const world = await rolloutWorld({ environments: MANY });
  const reads = { looks: 0, items: 0, bytes: 0 };
  const { query } = world.table;
  Object.assign(world.table, {
    query: async (...of: Parameters<typeof query>) => {
      const found = await query(...of);
      if (of[0].type === 'deployment') {
        reads.looks += 1;
        reads.items += found.length;
        reads.bytes = Math.max(reads.bytes, JSON.stringify(found).length);
      }
      return found;
    },
  });
  await world.request(A, [
    { ...aStage({ name: 'all', maxParallel: 40, soakMinutes: 20 }), failureBudget: '5%' as const },
  ]);
  const [rollout] = await world.over(A);
  // 500 deployments and two looks at each fill two histories: the second run goes on where the first stood.
  expect(rollout).toMatchObject({ state: 'succeeded', run: 2, outcome: { code: 'succeeded' } });
  expect(rollout?.plan?.stages[0]?.failureBudget).toBe(25);
  const stand = (await world.deployments(A)).filter((one) => one.state === 'succeeded' && one.lookedAt !== undefined);
  expect(stand).toHaveLength(500);
  expect(world.deadLetters).toEqual([]);
  const runs = world.runner.executions.filter(({ name }) => /-[12]$/.test(name) && name.length === A.length + 2);
  expect(runs.map(({ name }) => name)).toEqual([`${A}-1`, `${A}-2`]);
  // A look at the rollout reads each deployment once: 0.4 MB, about a hundred of DynamoDB's read units.
  expect(reads.items).toBeLessThanOrEqual(reads.looks * MANY.length);
  expect(reads.bytes).toBeLessThan(1_000_000);
  expect(reads.looks).toBeLessThan(120);
  for (const { events } of runs) expect(events).toBeLessThan(MOST_EVENTS);
});
