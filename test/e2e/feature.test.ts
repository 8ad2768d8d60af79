/** Charts with a `Feature.yaml` on the running stack: kinds, required values, templates over environments' values, dependencies, and where each value comes from. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { EffectiveValues } from '../../contracts/api/effective.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { mustRun } from '../../local/demo/command-line.ts';
import { CONFIG } from '../support/e2e-charts.ts';
import { aStory } from '../support/e2e-story.ts';
import { type E2eWorld, e2eWorld } from '../support/e2e-world.ts';

let world: E2eWorld;
beforeAll(async () => {
  world = await e2eWorld(inject('stack'));
});
afterAll(async () => await world?.stop());

const fairlead = (...argv: readonly string[]) => mustRun(world.operator, ...argv);

const TEMPLATES = {
  'shown.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}" }
data: { shown: '{{ .Values | toJson }}' }
`,
};
const FEATURE = {
  environmentKinds: ['tenant'],
  values: {
    colour: { displayName: 'Colour', required: true, config: { type: 'string' } },
    'ingress.host': { computed: { template: '{{ .Env.name }}.{{ .Env.zone }}' } },
    replicas: { config: { type: 'int' }, computed: { template: '2' } },
    'log.level': { config: { type: 'string' } },
  },
};

test('goes to its kinds, asks for what is required, computes from environments, and says where each value comes from', async () => {
  const told = await aStory(world, 'feature', {
    environments: ['one', 'old'],
    more: { one: { kind: 'tenant', tenant: 'acme' }, old: { kind: 'legacy' } },
  });
  const one = `${told.name}-one`;
  const layer = async (name: string, content: unknown, ...flags: readonly string[]) =>
    fairlead('values', 'put', told.name, ...flags, '-f', await world.file(`${told.name}/${name}.yaml`, content));
  await told.push('1.0.0', TEMPLATES, { colour: '', log: { level: 'info' }, own: 1 }, { 'Feature.yaml': FEATURE });
  await fairlead('environment', 'values', 'set', one, 'zone=example.test');

  const missing = await told.roll('1.0.0');
  expect(missing.code).toBe(EXIT['values or template']);
  expect(missing.ended.deployments.map(({ environment, outcome }) => [environment, outcome?.code])).toEqual([
    [one, 'values-missing'],
  ]);
  expect(missing.ended.deployments[0]?.outcome?.because).toMatch(/colour/);
  expect(await fairlead('events', told.name)).toMatch(
    new RegExp(`not for ${told.name}-old \\(is of kind legacy; Feature.yaml names tenant\\)`),
  );

  await layer('package', { colour: 'blue', tpyo: 1, replicas: 3 });
  await layer('environment', { replicas: 4 }, '--environment', one);
  const { code, ended } = await told.roll('1.0.0');
  expect([code, ended.state]).toEqual([EXIT.success, 'succeeded']);
  const shown = await world.kubectl(
    'get',
    'configmap',
    told.name,
    '-n',
    told.namespace(one),
    '-o',
    'jsonpath={.data.shown}',
  );
  expect(JSON.parse(shown)).toEqual({
    colour: 'blue',
    ingress: { host: `${one}.example.test` },
    replicas: 4,
    log: { level: 'info' },
    own: 1,
    fasit: { tenant: { name: 'acme' }, env: { name: one, kind: 'tenant' } },
  });

  const view = EffectiveValues.parse(await world.json('values', 'show', told.name, one));
  const from = Object.fromEntries(
    view.values.map(({ key, origin: { of, parameter, line } }) => [key, [of, parameter, line]]),
  );
  const values = `${told.name}-service-helm-values`;
  expect(from).toMatchObject({
    colour: ['layer', values, 1],
    'ingress.host': ['computed', undefined, undefined],
    replicas: ['layer', `${values}.environment.${one}`, 1],
    'log.level': ['chart', undefined, undefined],
    own: ['chart', undefined, undefined],
    'fasit.env.name': ['fairlead', undefined, undefined],
  });
  const replicas = view.values.find(({ key }) => key === 'replicas');
  expect(replicas?.overrides.map(({ value, origin: { of } }) => [of, value])).toEqual([['layer', 3]]);
  expect(view.orphans.map(({ key }) => key)).toEqual(['tpyo']);
  expect(new Set(view.values.map(({ change }) => change))).toEqual(new Set(['same']));

  await layer('environment', { replicas: 5 }, '--environment', one);
  const after = EffectiveValues.parse(await world.json('values', 'show', told.name, one));
  expect(
    after.values.filter(({ change }) => change !== 'same').map(({ key, value, was }) => [key, value, was]),
  ).toEqual([['replicas', 5, { value: 4 }]]);
});

test('waits for nobody: what it depends on must be healthy there now', async () => {
  const base = await aStory(world, 'base', { environments: [] });
  const told = await aStory(world, 'needs', { environments: ['one'], more: { one: { kind: 'tenant' } } });
  await base.push('1.0.0', CONFIG, { colour: 'blue' });
  const needs = {
    environmentKinds: ['tenant'],
    dependencies: [{ allOf: [base.name] }],
    values: { colour: { config: { type: 'string' } } },
  };
  await told.push('1.0.0', CONFIG, { colour: 'red' }, { 'Feature.yaml': needs });

  const { code, ended } = await told.roll('1.0.0');
  expect(code).toBe(EXIT.failure);
  expect(ended.deployments[0]?.outcome).toMatchObject({
    code: 'missing-dependency',
    because: expect.stringContaining(`${base.name} is not deployed as`),
  });
  await fairlead('rollout', base.name, '--version', '1.0.0', '--target', `story=${told.name}`);
  await fairlead('retry', told.name, ended.id);
  expect((await told.over(ended.id)).state).toBe('succeeded');
});

test('a chart whose Feature.yaml is broken is refused before anything is touched', async () => {
  const told = await aStory(world, 'broken', { environments: ['one'], more: { one: { kind: 'tenant' } } });
  await told.push(
    '1.0.0',
    CONFIG,
    {},
    { 'Feature.yaml': 'environmentKinds: [tenant]\nvalues:\n  colour:\n    confg: {type: string}\n' },
  );
  const { code, ended } = await told.roll('1.0.0');
  expect(code).not.toBe(EXIT.success);
  expect(ended.outcome?.because).toMatch(/Feature\.yaml.*line \d+.*confg/);
});
