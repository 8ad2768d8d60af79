import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { lookAtDeployment } from '../../../domain/deployment/look-at-deployment.ts';
import { countFailure } from '../../../domain/deployment/tell.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aHold, aLease, aQuarantine, aRelease, aWait, ROLLOUT } from '../../support/items.ts';

const everything = () =>
  aSight({ wait: aWait(), hold: aHold(), release: aRelease(), quarantine: aQuarantine(), lease: aLease() });

test('everything that Begin and Finish judge by is seen', async () => {
  expect(await lookAtDeployment(await tableOf(everything()), ROLLOUT, 'dev')).toEqual(everything());
});

test('a deployment that does not exist is not seen', async () => {
  expect(await lookAtDeployment(memoryTable(), ROLLOUT, 'dev')).toBeUndefined();
});

test('failures of its own stage are counted, and no others', async () => {
  const table = await tableOf(everything());
  const { deployment } = everything();
  const others = [{ environment: 'eu' }, { environment: 'us' }, { environment: 'asia', stage: 'canary' }];
  await table.transact(others.map((other) => countFailure({ ...deployment, ...other })));
  expect((await lookAtDeployment(table, ROLLOUT, 'dev'))?.failures).toBe(2);
});
