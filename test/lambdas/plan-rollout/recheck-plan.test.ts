/** A retry's own run asks whether what was frozen is still there, before anything of it begins. */
import { beforeEach, expect, test } from 'vitest';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import { keys } from '../../../domain/keys.ts';
import type { PulledChart } from '../../../domain/ports.ts';
import { create } from '../../../domain/table.ts';
import { type RecheckDeps, recheckPlan } from '../../../lambdas/plan-rollout/recheck-plan.ts';
import { aDeployment, aRollout, ROLLOUT, someInputs } from '../../support/items.ts';

const layer = { name: '/f/webui', version: 1, digest: 'd:one', copy: 'layers/one' };
const retried = aRollout({ state: 'accepted', run: 2, retries: 1 });
const key = retried.plan?.key ?? '';

let deps: RecheckDeps;
let plans: ReturnType<typeof memoryObjects>;
let chart: PulledChart;
let pulls: number;

beforeEach(() => {
  plans = memoryObjects();
  chart = { pulled: true, archive: new Uint8Array() };
  pulls = 0;
  deps = {
    table: memoryTable(),
    plans,
    parameters: memoryParameters(),
    charts: {
      pull: async () => {
        pulls += 1;
        return chart;
      },
    },
    digest: async (content) => {
      const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
      return text === 'the plan' ? (retried.plan?.digest ?? '') : `d:${text}`;
    },
    canonical: canonicalJson,
    chartPatience: { tries: 2, pause: async () => {} },
  };
});

async function world(deployments: readonly Partial<DeploymentItem>[], kept: { plan?: string; layer?: boolean } = {}) {
  const table = memoryTable();
  const writes = deployments.map((given, i) => {
    const item = aDeployment({ environment: `env-${i}`, inputs: someInputs({ layers: [layer] }), ...given });
    return create(keys.deployment(ROLLOUT, item.environment), item);
  });
  await table.transact(writes);
  if (kept.plan !== '') await plans.putOnce(key, kept.plan ?? 'the plan');
  if (kept.layer !== false) await plans.putOnce(layer.copy, 'one');
  return { ...deps, table };
}

test('goes on when all of it is there; a chart is asked for once', async () => {
  expect(await recheckPlan(await world([{}, {}]), retried)).toBeUndefined();
  expect(pulls).toBe(1);
});

test('what was never retried, or has no plan yet, is not asked about', async () => {
  const here = await world([{}], { plan: '', layer: false });
  expect(await recheckPlan(here, aRollout())).toBeUndefined();
  expect(await recheckPlan(here, aRollout({ retries: 1, plan: undefined }))).toBeUndefined();
  expect(pulls).toBe(0);
});

test.each([
  ['a plan that is gone', { plan: '' }, /the plan \(rollouts\/.*\/plan\.json\) is not kept any more/],
  ['a plan that is another', { plan: 'forged' }, /is not the one of this rollout/],
  ['a layer that is gone', { layer: false }, /layer \/f\/webui, version 1: its frozen copy is gone/],
])('%s ends it, saying so, and that nothing was touched', async (_, kept, words) => {
  const refusal = await recheckPlan(await world([{}], kept), retried);
  expect(refusal).toMatchObject({ made: false, code: 'inputs-gone', because: expect.stringMatching(words) });
  expect(refusal?.because).toMatch(/nothing was touched: .* Start a new rollout$/);
});

test('what only deployments need that are over already is not missed', async () => {
  expect(await recheckPlan(await world([{ state: 'succeeded' }], { layer: false }), retried)).toBeUndefined();
});

test('a registry that does not answer is our trouble, to be tried again', async () => {
  chart = { pulled: false, code: 'unreachable', because: 'no answer' };
  expect(await recheckPlan(await world([{}]), retried)).toEqual({
    made: false,
    code: 'unreachable',
    because: 'no answer',
  });
  chart = { pulled: false, code: 'chart-not-found', because: 'no such manifest' };
  expect(await recheckPlan(await world([{}], { plan: '' }), retried)).toMatchObject({ code: 'inputs-gone' });
});
