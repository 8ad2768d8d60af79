import { expect, test } from 'vitest';
import { hmac } from '../../../adapters/aws/digest-key.ts';
import { memoryObjects } from '../../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../../adapters/memory/memory-parameters.ts';
import { type MemorySpilledLayers, memorySpilledLayers } from '../../../adapters/memory/memory-spilled-layers.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import { type Spill, spillText } from '../../../domain/values/layers/spill.ts';
import { freezeLayers } from '../../../lambdas/plan-rollout/freeze-layers.ts';
import { anEnvironment, aPackage } from '../../support/items.ts';

const NAME = 'webui-service-helm-values';
const CONTENT = 'replicas: 7\n';
const digest = async (content: string | Uint8Array) => hmac(new TextEncoder().encode('a key'), content);

function changed(spilled: MemorySpilledLayers, at: Spill, content: string | undefined): string {
  spilled.change(at, content);
  return spillText(at);
}

async function scene() {
  const [parameters, plans, spilled] = [memoryParameters(), memoryObjects(), memorySpilledLayers('own')];
  const deps = { parameters, plans, spilled, digest, layerRules: { prefix: '', labelOrder: [] } };
  const environment = anEnvironment({ name: 'dev' });
  const planned = [{ environment, stage: 'all', place: placeOf(aPackage(), environment) }];
  const at = await spilled.put('webui', CONTENT);
  const freeze = () => freezeLayers(deps, { id: 'r1', of: 'rollouts', package: 'webui' }, planned);
  return { parameters, plans, spilled, at, freeze };
}

test('a layer that its parameter points to is frozen itself, by what it says', async () => {
  const { parameters, plans, at, freeze } = await scene();
  parameters.put(NAME, spillText(at));
  const frozen = await freeze();
  const [layer] = frozen.ok ? frozen.of('dev').layers : [];
  expect(layer).toMatchObject({ name: NAME, version: 1, digest: await digest(CONTENT) });
  expect(new TextDecoder().decode(await plans.get(layer?.copy ?? ''))).toBe(CONTENT);
});

test('the same words in the parameter itself are the same layer', async () => {
  const { parameters, at, freeze } = await scene();
  parameters.put(NAME, spillText(at));
  const pointed = await freeze();
  parameters.put(NAME, CONTENT);
  const plain = await freeze();
  expect(plain.ok && plain.of('dev').layers[0]?.digest).toBe(pointed.ok && pointed.of('dev').layers[0]?.digest);
});

test.each<[string, (world: Awaited<ReturnType<typeof scene>>) => string, RegExp]>([
  ['is gone', ({ at, spilled }) => changed(spilled, at, undefined), /no version v1 \(any more\)/],
  ['was changed', ({ at, spilled }) => changed(spilled, at, 'replicas: 9\n'), /its SHA-256 differs/],
  ['is in another bucket', ({ at }) => spillText({ ...at, bucket: 'another' }), /layers are read from own only/],
  [
    "is another package's",
    ({ at }) => spillText({ ...at, key: 'worker/x.yaml' }),
    /layers of webui are read from webui\//,
  ],
  ['is named wrongly', () => 's3://own/webui/x.yaml', /is not of the form s3:\/\/BUCKET/],
])('a layer that %s stops the plan, naming parameter, version and fix', async (_what, value, because) => {
  const world = await scene();
  world.parameters.put(NAME, 'replicas: 1\n');
  world.parameters.put(NAME, value(world));
  const frozen = await world.freeze();
  expect(frozen).toMatchObject({ ok: false, because: expect.stringMatching(because) });
  expect(frozen).toMatchObject({
    because: expect.stringMatching(new RegExp(`^${NAME} version 2 .*'fairlead values put'$`)),
  });
});
