import { beforeEach, expect, test } from 'vitest';
import { hmac } from '../../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import { memoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Inputs } from '../../../domain/items/deployment.ts';
import { keys } from '../../../domain/keys.ts';
import type { Digest, PulledChart } from '../../../domain/ports.ts';
import { frozenText } from '../../../domain/rollout/frozen.ts';
import { create } from '../../../domain/table.ts';
import { type FindGoneDeps, findGone } from '../../../lambdas/plan-rollout/find-gone.ts';
import { OTHER_ROLLOUT, someInputs } from '../../support/items.ts';

const NAME = '/f/webui-service-helm-values';
const digest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);

let deps: FindGoneDeps;
let inputs: Inputs;
let parameters: ReturnType<typeof memoryParameters>;
let plans: ReturnType<typeof memoryObjects>;
let chart: PulledChart;
let asked: number;

const frozen = (environment = 'dev') => ({ environment, rolloutId: OTHER_ROLLOUT, inputs });

beforeEach(async () => {
  parameters = memoryParameters();
  plans = memoryObjects();
  const table = memoryTable();
  chart = { pulled: true, archive: new Uint8Array() };
  asked = 0;
  const values = { replicas: 2 };
  const layer = { name: NAME, version: 1, digest: await digest('a: 1'), copy: 'rollouts/1/layers/x' };
  const made = { chartDigest: 'sha256:chart', layers: [layer] };
  inputs = someInputs({ ...made, digest: await digest(frozenText({ ...made, values }, canonicalJson)) });
  parameters.put(NAME, 'a: 1');
  await plans.putOnce(layer.copy, 'a: 1');
  const request = { type: 'request', v: 1, rolloutId: OTHER_ROLLOUT, version: '1.4.1', stages: [], values } as const;
  await table.transact([create(keys.request(OTHER_ROLLOUT), request)]);
  deps = {
    table,
    plans,
    parameters,
    digest,
    canonical: canonicalJson,
    charts: {
      pull: async () => {
        asked += 1;
        return chart;
      },
    },
    chartPatience: { tries: 3, pause: async () => {} },
  };
});

test('inputs of which everything is kept are not gone, and a chart is asked for once', async () => {
  expect(await findGone(deps, [frozen('dev'), frozen('prod')])).toBeUndefined();
  expect(asked).toBe(1);
});

test('a copy does where the parameter is gone, and a version of the parameter where the copy is', async () => {
  parameters.remove(NAME);
  expect(await findGone(deps, [frozen()])).toBeUndefined();
  parameters.put(NAME, 'a: 1');
  parameters.put(NAME, 'a: 2');
  expect(await findGone({ ...deps, plans: memoryObjects() }, [frozen()])).toBeUndefined();
});

test('without copy and version the layer is named, and so is a parameter made anew with other bytes', async () => {
  parameters.remove(NAME);
  parameters.put(NAME, 'a: 2');
  const gone = await findGone({ ...deps, plans: memoryObjects() }, [frozen()]);
  expect(gone).toMatchObject({ code: 'inputs-gone' });
  expect(gone?.because).toContain(`values of ${NAME}, version 1`);
});

test.each(['chart-not-found', 'chart-changed'] as const)(
  'a chart that is %s is named with its version',
  async (code) => {
    chart = { pulled: false, code, because: 'the registry has no such manifest' };
    const gone = await findGone(deps, [frozen()]);
    expect(gone).toMatchObject({ code: 'inputs-gone' });
    expect(gone?.because).toContain(`chart ${inputs.chart} ${inputs.version} (the registry has no such manifest)`);
  },
);

test('a registry that does not answer is asked again, and then nobody can tell', async () => {
  chart = { pulled: false, code: 'unreachable', because: 'no answer' };
  expect(await findGone(deps, [frozen()])).toEqual({ code: 'unreachable', because: 'no answer' });
  expect(asked).toBe(3);
});

test("a rollout's own values that are gone, or are not those that were frozen, are named", async () => {
  for (const table of [memoryTable(), await withValues({ replicas: 3 })]) {
    const gone = await findGone({ ...deps, table }, [frozen()]);
    expect(gone).toMatchObject({ code: 'inputs-gone' });
    expect(gone?.because).toContain(`the own values of rollout ${OTHER_ROLLOUT}`);
  }
});

test('no value is ever told', async () => {
  const gone = await findGone({ ...deps, table: memoryTable(), plans: memoryObjects() }, [frozen()]);
  expect(gone?.because).not.toContain('a: 1');
});

async function withValues(values: Readonly<Record<string, unknown>>) {
  const table = memoryTable();
  const request = { type: 'request', v: 1, rolloutId: OTHER_ROLLOUT, version: '1.4.1', stages: [], values } as const;
  await table.transact([create(keys.request(OTHER_ROLLOUT), request)]);
  return table;
}
