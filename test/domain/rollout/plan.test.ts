import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeId } from '../../../domain/registry/place.ts';
import { type PlanInput, plan } from '../../../domain/rollout/plan.ts';
import { matches } from '../../../domain/target.ts';
import { aCluster, anEnvironment, aPackage, aStage } from '../../support/items.ts';

const environment = (name: string, labels: Record<string, string> = {}) => anEnvironment({ name, labels });
const FOUR = [
  environment('prod-us', { tier: 'prod', region: 'us' }),
  environment('dev', { tier: 'dev' }),
  environment('prod-eu', { tier: 'prod', region: 'eu' }),
  environment('staging', { tier: 'staging' }),
];
const planned = (given: Partial<PlanInput> = {}) =>
  plan({ package: aPackage(), stages: [aStage()], packages: [aPackage()], environments: FOUR, ...given });
const stageOf = (given: Partial<PlanInput>) => {
  const answer = planned(given);
  return answer.outcome === 'planned'
    ? Object.fromEntries(answer.environments.map((e) => [e.environment.name, e.stage]))
    : answer;
};

test('an environment belongs to the first stage that matches it', () => {
  const stages = [
    aStage({ name: 'eu', targets: [{ region: 'eu' }] }),
    aStage({ name: 'prod', targets: [{ tier: 'prod' }] }),
    aStage({ name: 'rest', targets: [{}] }),
  ];
  expect(stageOf({ stages })).toEqual({ 'prod-eu': 'eu', 'prod-us': 'prod', dev: 'rest', staging: 'rest' });
});

test('any target of a stage may match, and what no stage matches is not reached', () => {
  const stages = [aStage({ name: 'early', targets: [{ tier: 'dev' }, { tier: 'staging' }] })];
  expect(stageOf({ stages })).toEqual({ dev: 'early', staging: 'early' });
});

test('environments come in the order of stages, then of names, whatever the order of the registry', () => {
  const stages = [aStage({ name: 'prod', targets: [{ tier: 'prod' }] }), aStage({ name: 'rest' })];
  expect(Object.keys(stageOf({ stages }))).toEqual(['prod-eu', 'prod-us', 'dev', 'staging']);
  expect(Object.keys(stageOf({ stages, environments: FOUR.toReversed() }))).toEqual([
    'prod-eu',
    'prod-us',
    'dev',
    'staging',
  ]);
});

test('a stage that matches nothing stays, with size 0', () => {
  const stages = [aStage({ name: 'canary', targets: [{ ring: 'canary' }] }), aStage({ name: 'rest' })];
  expect(planned({ stages })).toMatchObject({
    outcome: 'planned',
    stages: [
      { name: 'canary', size: 0 },
      { name: 'rest', size: 4 },
    ],
  });
});

test('each environment has the place of the package in it', () => {
  const answer = planned({ environments: [environment('dev')] });
  expect(answer).toMatchObject({
    environments: [{ place: { cluster: { name: 'main' }, namespace: 'web-dev', release: 'webui' } }],
  });
});

test.each<[string, Partial<PlanInput>, RegExp]>([
  ['no environment at all', { environments: [] }, /no environment is registered/],
  ['no label that fits', { stages: [aStage({ targets: [{ ring: 'canary' }] })] }, /\{"ring":"canary"\}/],
])('%s is refused, saying so', (_, given, because) => {
  expect(planned(given)).toMatchObject({
    outcome: 'refused',
    code: 'nothing-matched',
    because: expect.stringMatching(because),
  });
});

test.each<[string, Partial<PlanInput>]>([
  ['two environments of one cluster without suffixes', { environments: [twin('a'), twin('b')] }],
  [
    'another package that has the same release there',
    { packages: [aPackage(), aPackage({ name: 'other' })], environments: [environment('dev')] },
  ],
  [
    'an environment that is not reached, but is the same place',
    { stages: [aStage({ targets: [{ tier: 'dev' }] })], environments: [twin('a', { tier: 'dev' }), twin('b')] },
  ],
])('%s is refused as a taken place', (_, given) => {
  expect(planned(given)).toMatchObject({ outcome: 'refused', code: 'place-taken' });
});

function twin(name: string, labels: Record<string, string> = {}) {
  return anEnvironment({ name, labels, namespaceSuffix: undefined });
}

test.each<[string, ReturnType<typeof aCluster>]>([
  ['another cluster', aCluster({ name: 'other' })],
  ['a cluster of the same name in another account', aCluster({ account: '222222222222' })],
  ['a cluster of the same name in another region', aCluster({ region: 'us-east-1' })],
])('%s is another place', (_, cluster) => {
  expect(planned({ environments: [twin('a'), { ...twin('b'), cluster }] }).outcome).toBe('planned');
});

test('places of others that this plan does not touch are none of its business', () => {
  const others = [aPackage({ name: 'x', release: 'same' }), aPackage({ name: 'y', release: 'same' })];
  expect(planned({ packages: [aPackage(), ...others] }).outcome).toBe('planned');
});

const word = fc.constantFrom('a', 'b', 'c');
const someLabels = fc.dictionary(word, word, { maxKeys: 3 });
const someStages = fc
  .array(fc.array(someLabels, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((targets, i) => aStage({ name: `s${i}`, targets })));
const registry = fc
  .array(someLabels, { maxLength: 8 })
  .map((all) => all.map((labels, i) => environment(`e${i}`, labels)));

test('what is reached is what any stage matches, once each, and the sizes add up', () => {
  fc.assert(
    fc.property(someStages, registry, (stages, environments) => {
      const answer = planned({ stages, environments });
      const all = stages.flatMap(({ targets }) => targets);
      const wanted = environments.filter(({ labels }) => all.some((target) => matches(target, labels)));
      if (answer.outcome === 'refused') return wanted.length === 0 && answer.code === 'nothing-matched';
      expect(answer.environments.map((e) => e.environment.name).sort()).toEqual(wanted.map((e) => e.name));
      expect(answer.stages.reduce((sum, { size }) => sum + size, 0)).toBe(wanted.length);
      return new Set(answer.environments.map(({ place }) => placeId(place))).size === wanted.length;
    }),
  );
});
