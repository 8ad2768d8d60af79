import { expect, test } from 'vitest';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys } from '../../../domain/keys.ts';
import { create } from '../../../domain/table.ts';
import { gatherValues } from '../../../lambdas/deploy-release/gather-values.ts';
import { aDeployment, OTHER_ROLLOUT, ROLLOUT, someInputs } from '../../support/items.ts';

const table = memoryTable();
const request = (rolloutId: string, values: Readonly<Record<string, unknown>>) =>
  create(keys.request(rolloutId), { type: 'request', v: 1, rolloutId, version: '1.4.2', stages: [], values });
const deps = {
  table,
  plans: memoryObjects(),
  digest: async (content: string | Uint8Array) => `digest of ${content}`,
  readLayer,
  canonical: (value: unknown) => JSON.stringify(value),
};
await table.transact([request(ROLLOUT, { of: 'the rollback' }), request(OTHER_ROLLOUT, { of: 'then' })]);

test("a rollback's deployment has the own values of the rollout that it goes back to", async () => {
  const inputs = someInputs({ valuesOf: OTHER_ROLLOUT });
  expect(await gatherValues(deps, aDeployment({ inputs }), [])).toMatchObject({ ok: true, values: { of: 'then' } });
  expect(await gatherValues(deps, aDeployment(), [])).toMatchObject({ ok: true, values: { of: 'the rollback' } });
});

test('and nothing is applied without them', async () => {
  const gone = '01JD0Z5Q6X3N8V7T2K4M9R1B0Z';
  const inputs = someInputs({ valuesOf: gone });
  expect(await gatherValues(deps, aDeployment({ inputs }), [])).toMatchObject({
    ok: false,
    failure: { code: 'values-missing', because: expect.stringContaining(`rollout ${gone}`) },
  });
});
