import { expect, test } from 'vitest';
import { BeginAnswer } from '../../../contracts/machines.ts';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import { countFailure } from '../../../domain/deployment/tell.ts';
import { keys } from '../../../domain/keys.ts';
import { replace, type Table, type Write } from '../../../domain/table.ts';
import { beginTry } from '../../../lambdas/begin-deployment/handler.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aSight, DEPLOYERS, tableOf } from '../../support/deployment-table.ts';
import { aDeployment, NOW, ROLLOUT, someInputs } from '../../support/items.ts';
import { keptLog } from '../../support/kept-log.ts';

const TRY = { v: 1, rolloutId: ROLLOUT, environment: 'dev', attempt: 1 };
const layers = [{ name: 'a', version: 3, digest: 'd', copy: 'c' }];
const patience = { tries: 3, pause: async () => {} };
const begin = (table: Table) =>
  beginTry({ table, patience, deployers: DEPLOYERS, now: () => NOW, calendar: CALENDAR, log: keptLog() });

test('the machine is told which parameters to pull', async () => {
  const table = await tableOf(aSight({ deployment: aDeployment({ inputs: someInputs({ layers }) }) }));
  const answer = await begin(table)({ ...TRY, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn' });
  expect(BeginAnswer.parse(answer)).toMatchObject({
    outcome: 'begun',
    deployer: DEPLOYERS.default,
    batches: [['a:3']],
  });
});

test('no more is pulled than a machine can carry, whatever stands in the parameters: the rest are frozen copies', async () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `layer-${i}`, version: 1, digest: 'd', copy: 'c' }));
  const table = await tableOf(aSight({ deployment: aDeployment({ inputs: someInputs({ layers: many }) }) }));
  const { batches } = BeginAnswer.parse(await begin(table)(TRY)) as { batches: string[][] };
  expect(batches.every((batch) => batch.length <= 10)).toBe(true);
  // 8 KB each (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html), every character escaped.
  const carried = JSON.stringify(batches.flat().map((name) => ({ name, version: 1, value: '\n'.repeat(8192) })));
  expect(Buffer.byteLength(carried)).toBeLessThan(0.9 * 256 * 1024);
  expect(batches.flat().length).toBeGreaterThanOrEqual(10);
});

test('the same try twice is begun once', async () => {
  const table = await tableOf(aSight());
  await begin(table)(TRY);
  const after = table.all();
  expect(await begin(table)(TRY)).toMatchObject({ outcome: 'begun' });
  expect(table.all()).toEqual(after);
});

test.each<[string, (sight: DeploymentSeen) => Write]>([
  [
    'an abort',
    ({ rollout }) =>
      replace(keys.rollout(ROLLOUT), rollout, { abort: { by: 'x', reason: 'y', at: NOW.toISOString() } }),
  ],
  ['a failure that spends the budget', ({ deployment }) => countFailure(deployment, undefined)],
])('%s that comes between looking and writing is seen', async (_, comes) => {
  const sight = aSight();
  const table = await tableOf(sight);
  let first = true;
  const raced: Table = {
    ...table,
    async transact(writes) {
      if (first) {
        first = false;
        await table.transact([comes(sight)]);
      }
      return table.transact(writes);
    },
  };
  expect(await begin(raced)(TRY)).toMatchObject({ outcome: 'not-begun' });
  expect(await table.get(keys.deployment(ROLLOUT, 'dev'))).toMatchObject({
    state: 'skipped',
    outcome: { code: 'stopped' },
  });
});

test('a storm of other writers is the platform’s to retry', async () => {
  const table = await tableOf(aSight());
  const stormy: Table = { ...table, transact: async () => ({ committed: false, conflicts: [] }) };
  await expect(begin(stormy)(TRY)).rejects.toMatchObject({ name: 'StillContended' });
});

test('a deployment that does not exist is not begun', async () => {
  const table = await tableOf(aSight());
  expect(await begin(table)({ ...TRY, environment: 'nowhere' })).toMatchObject({ outcome: 'not-begun' });
});

test('a deployment without its rollout is a bug, not an answer', async () => {
  const table = await tableOf(aSight());
  const torn = {
    ...table,
    get: (key: never) => (Object(key).sk === 'META' ? Promise.resolve(undefined) : table.get(key)),
  } as Table;
  await expect(begin(torn)(TRY)).rejects.toMatchObject({ name: 'DeploymentIncomplete' });
});
