import { expect, test } from 'vitest';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { auditedTable } from '../../../domain/callers/audited-table.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { create, replace, unchanged } from '../../../domain/table.ts';
import { aDeployment, aRollout, NOW, ROLLOUT } from '../../support/items.ts';

test('a change of a rollout’s parts names the rollout, though that one is only looked at', async () => {
  const inner = memoryTable();
  const [rollout, deployment] = [aRollout(), aDeployment({ state: 'failed' })];
  const key = keys.deployment(ROLLOUT, deployment.environment);
  await inner.transact([create(keys.rollout(ROLLOUT), rollout), create(key, deployment)]);
  const principal = { role: 'fairlead-operator', session: 'ann', account: '111111111111' };
  const call = { requestId: 'r-1', operation: 'retryRollout', package: 'webui', environment: '' };
  const table = auditedTable(inner, { ...call, principal, sourceIp: '198.51.100.7' }, () => NOW);
  await table.transact([unchanged(keys.rollout(ROLLOUT), rollout), replace(key, deployment, { state: 'pending' })]);
  const lines = await inner.query(ranges.audit(NOW.toISOString().slice(0, 10)));
  expect(lines).toMatchObject([{ operation: 'retryRollout', package: 'webui', rollout: ROLLOUT }]);
});
