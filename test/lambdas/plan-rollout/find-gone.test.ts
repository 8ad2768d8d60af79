import { beforeEach, expect, test } from 'vitest';
import { hmac } from '../../../adapters/aws/digest-key.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import type { Digest, PulledChart } from '../../../domain/ports.ts';
import { type FindGoneDeps, findGone } from '../../../lambdas/plan-rollout/find-gone.ts';
import { someInputs } from '../../support/items.ts';

const NAME = '/f/webui-service-helm-values';
const digest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);

let deps: FindGoneDeps;
let inputs: ReturnType<typeof someInputs>;
let parameters: ReturnType<typeof memoryParameters>;
let chart: PulledChart;
let asked: number;

beforeEach(async () => {
  parameters = memoryParameters();
  const plans = memoryObjects();
  chart = { pulled: true, archive: new Uint8Array() };
  asked = 0;
  const layer = { name: NAME, version: 1, digest: await digest('a: 1'), copy: 'rollouts/1/layers/x' };
  inputs = someInputs({ layers: [layer] });
  parameters.put(NAME, 'a: 1');
  await plans.putOnce(layer.copy, 'a: 1');
  deps = {
    plans,
    parameters,
    digest,
    charts: {
      pull: async () => {
        asked += 1;
        return chart;
      },
    },
    chartPatience: { tries: 3, pause: async () => {} },
  };
});

test('inputs of which everything is kept are there, and a chart is asked for once', async () => {
  expect(await findGone(deps, [inputs, { ...inputs }])).toEqual({ is: 'there' });
  expect(asked).toBe(1);
});

test('a copy does where the parameter is gone, and a version of the parameter where the copy is', async () => {
  parameters.remove(NAME);
  expect(await findGone(deps, [inputs])).toEqual({ is: 'there' });
  parameters.put(NAME, 'a: 1');
  parameters.put(NAME, 'a: 2');
  expect(await findGone({ ...deps, plans: memoryObjects() }, [inputs])).toEqual({ is: 'there' });
});

test('without copy and version the layer is named, also when the parameter was made anew with other bytes', async () => {
  parameters.remove(NAME);
  parameters.put(NAME, 'a: 2');
  const gone = await findGone({ ...deps, plans: memoryObjects() }, [inputs]);
  expect(gone).toEqual({ is: 'gone', what: [expect.stringContaining(`${NAME}, version 1`)] });
  expect(JSON.stringify(gone)).not.toContain('a: ');
});

test.each(['chart-not-found', 'chart-changed'] as const)(
  'a chart that is %s is named with its version',
  async (code) => {
    chart = { pulled: false, code, because: 'the registry has no such manifest' };
    const named = expect.stringMatching(/webui 1\.4\.2 .*the registry has no such manifest/);
    expect(await findGone(deps, [inputs])).toEqual({ is: 'gone', what: [named] });
  },
);

test('a registry that does not answer is asked again, and then nobody can tell', async () => {
  chart = { pulled: false, code: 'unreachable', because: 'no answer' };
  expect(await findGone(deps, [inputs])).toEqual({ is: 'unreachable', because: 'no answer' });
  expect(asked).toBe(3);
});

const SECRETS = '/f/webui-service-helm-secrets';

async function withSecrets() {
  parameters.put(SECRETS, 'sealed once');
  return { ...inputs, secretLayers: [{ name: SECRETS, version: 1, digest: await digest('sealed once'), after: 1 }] };
}

test('a layer of secrets that was rotated is there: the version that was planned is kept', async () => {
  const frozen = await withSecrets();
  parameters.put(SECRETS, 'sealed again');
  expect(await findGone(deps, [frozen])).toEqual({ is: 'there' });
});

test.each([
  ['deleted', () => {}],
  ['made anew', () => parameters.put(SECRETS, 'sealed otherwise')],
])('a layer of secrets that was %s is gone, whatever else is kept', async (_, then) => {
  const frozen = await withSecrets();
  parameters.remove(SECRETS);
  then();
  const gone = await findGone(deps, [frozen]);
  expect(gone).toEqual({
    is: 'gone',
    what: [expect.stringMatching(/helm-secrets, version 1: .*secrets have no copy/)],
  });
  expect(JSON.stringify(gone)).not.toContain('sealed');
});

test('what templates may know is there while its copy is, and named when it is gone', async () => {
  const copy = 'rollouts/1/facts/x';
  const frozen = { ...inputs, facts: { digest: await digest('{}'), copy } };
  expect(await findGone(deps, [frozen])).toEqual({ is: 'gone', what: [expect.stringContaining(copy)] });
  const plans = memoryObjects();
  await plans.putOnce(copy, '{}');
  expect(await findGone({ ...deps, plans }, [frozen])).toEqual({ is: 'there' });
});
