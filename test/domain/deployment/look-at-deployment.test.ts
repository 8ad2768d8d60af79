import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { lookAtDeployment } from '../../../domain/deployment/look-at-deployment.ts';
import { aSight, tableOf } from '../../support/deployment-table.ts';
import { aHold, aLease, aQuarantine, aRelease, aWait, ROLLOUT, someFailures } from '../../support/items.ts';

const everything = () =>
  aSight({
    failures: someFailures(2),
    wait: aWait(),
    hold: aHold(),
    release: aRelease(),
    quarantine: aQuarantine(),
    lease: aLease(),
  });

test('everything that Begin and Finish judge by is seen', async () => {
  expect(await lookAtDeployment(await tableOf(everything()), ROLLOUT, 'dev')).toEqual(everything());
});

test('a deployment that does not exist is not seen', async () => {
  expect(await lookAtDeployment(memoryTable(), ROLLOUT, 'dev')).toBeUndefined();
});
