import { expect, test } from 'vitest';
import type { Inputs } from '../../../domain/items/deployment.ts';
import { comparePlans, differencesText } from '../../../domain/plans/compare-plans.ts';
import type { FrozenDeployment } from '../../../domain/rollout/frozen-plan.ts';
import { planText } from '../../../domain/rollout/plan-digest.ts';
import { aDeployment, someInputs } from '../../support/items.ts';

const layer = (name: string, version: number, digest = `d-${name}-${version}`) => ({
  name,
  version,
  digest,
  copy: digest,
});
const secret = (name: string, version: number) => ({ name, version, digest: `c-${name}-${version}`, after: 1 });
const BASE = { layers: [layer('base', 3), layer('base.label.ring.prod', 1)], secretLayers: [secret('secrets', 2)] };

/** Its digest is made of all that it is. */
const inputsOf = (given: Partial<Inputs>): Inputs => {
  const inputs = someInputs({ chartDigest: `sha256:${'a'.repeat(64)}`, ...BASE, ...given });
  return { ...inputs, digest: given.digest ?? JSON.stringify({ ...inputs, digest: '' }) };
};
const planOf = (environments: Readonly<Record<string, Partial<Inputs>>>, stage = 'everyone') => ({
  deployments: Object.entries(environments).map(([environment, given]): FrozenDeployment => {
    const { place, deployer } = aDeployment();
    return { environment, stage, place, deployer, inputs: inputsOf(given) };
  }),
});

test('plans of the same inputs for the same places do not differ', () => {
  expect(comparePlans(planOf({ a: {}, b: {} }), planOf({ b: {}, a: {} }))).toEqual([]);
});

test.each<[string, Partial<Inputs>, string]>([
  [
    'a layer at a newer version',
    { layers: [layer('base', 4), layer('base.label.ring.prod', 1)] },
    'layer base version 3 → 4',
  ],
  ['a layer that was deleted', { layers: [layer('base', 3)] }, 'layer base.label.ring.prod is gone'],
  ['a layer that was not there', { layers: [...BASE.layers, layer('env', 1)] }, 'layer env is new (version 1)'],
  [
    'a layer that was deleted and made again with the same number',
    { layers: [layer('base', 3, 'other'), layer('base.label.ring.prod', 1)] },
    'layer base was made anew (version 3 again)',
  ],
  ['a layer of secrets', { secretLayers: [secret('secrets', 3)] }, 'layer of secrets secrets version 2 → 3'],
  [
    'another chart behind the version',
    { chartDigest: `sha256:${'b'.repeat(64)}` },
    `chart 1.4.2 (sha256:${'a'.repeat(12)}…) → 1.4.2 (sha256:${'b'.repeat(12)}…)`,
  ],
  [
    'what templates know',
    { facts: { digest: 'f', copy: 'f' } },
    "what the chart's templates know: the tenant's environments and their values",
  ],
  ['anything else', { digest: 'other' }, "the rollout's own values"],
])('%s is named', (_, given, what) => {
  expect(comparePlans(planOf({ a: {}, b: {} }), planOf({ a: {}, b: given }))).toEqual([{ what, environments: ['b'] }]);
});

test('the same bytes under a newer version are no difference', () => {
  const same = { ...layer('base', 4), digest: 'd-base-3' };
  const now = { layers: [same, layer('base.label.ring.prod', 1)], digest: inputsOf({}).digest };
  expect(comparePlans(planOf({ a: {} }), planOf({ a: now }))).toEqual([]);
});

test('environments that came, went, or changed their stage are named; one difference is said once for all of them', () => {
  expect(comparePlans(planOf({ a: {}, b: {} }), planOf({ b: {}, c: {} }))).toEqual([
    { what: 'is not reached any more', environments: ['a'] },
    { what: 'was not in it', environments: ['c'] },
  ]);
  expect(comparePlans(planOf({ a: {}, b: {} }, 'canary'), planOf({ a: {}, b: {} }))).toEqual([
    { what: 'stage canary → everyone', environments: ['a', 'b'] },
  ]);
});

test('the sentence names the first few and counts the rest', () => {
  const environments = Array.from({ length: 7 }, (_, i) => `e${i}`);
  expect(differencesText([{ what: 'layer base version 3 → 4', environments }])).toBe(
    'layer base version 3 → 4 (e0, e1, e2, e3, e4 and 2 more)',
  );
  const many = Array.from({ length: 8 }, (_, i) => ({ what: `layer l${i} is gone`, environments: ['a'] }));
  expect(differencesText(many)).toMatch(/layer l5 is gone \(a\); and 2 more$/);
});

test('an environment that was pointed elsewhere is named, and is another plan', () => {
  const [before, now] = [planOf({ a: {} }), planOf({ a: {} })];
  const [one] = now.deployments;
  const moved = { deployments: one === undefined ? [] : [{ ...one, place: { ...one.place, namespace: 'elsewhere' } }] };
  expect(comparePlans(before, moved)).toEqual([
    { what: expect.stringMatching(/^place .*\/webui → .* elsewhere\/webui$/), environments: ['a'] },
  ]);
  const text = (plan: typeof before) => planText({ package: 'webui', ...plan }, JSON.stringify);
  expect(text(before)).toBe(text(now));
  expect(text(before)).not.toBe(text(moved));
});
