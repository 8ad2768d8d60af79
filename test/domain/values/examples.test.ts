/** The charts of `examples/features` come to what fasit's rules make of them (test/examples/features.expectations.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { readYamlText } from '../../../adapters/helm/read-yaml-text.ts';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import { readFeature } from '../../../contracts/feature.ts';
import { type LayerContent, pathText, type Resolved } from '../../../domain/values/effective.ts';
import { type LayerOf, layerName, layersOf } from '../../../domain/values/layer-names.ts';
import { secretFactId } from '../../../domain/values/resolve-input.ts';
import { resolveValues } from '../../../domain/values/resolve-values.ts';
import {
  EXPECTATIONS,
  type Expectation,
  type Given,
  SCENARIOS,
  type Scenario,
} from '../../examples/features.expectations.ts';
import { type Place, REFERENCES, SECRETS, WORLD } from '../../examples/features.world.ts';

const engine = templateEngine({ wasm: packedEngine });
const secretFacts = new Map(SECRETS.map(([environment, key, text]) => [secretFactId(environment, key), text]));

function layersIn(chart: string, place: Place, given: Given): readonly LayerContent[] {
  const { environment } = WORLD[place];
  const layers: [LayerOf, boolean, Given[keyof Given]][] = [
    [{ of: 'package' }, false, given.package],
    [{ of: 'package' }, true, given.packageSecrets],
    [{ of: 'label', key: 'ring', value: environment.labels['ring'] ?? 'none' }, false, given.label],
    [{ of: 'environment', name: environment.name }, false, given.environment],
    [{ of: 'environment', name: environment.name }, true, given.environmentSecrets],
  ];
  return layers.flatMap(([layer, secret, values]) => {
    if (values === undefined) return [];
    const name = layerName('', chart, layer, secret);
    const read = readLayer(name, 1, stringify(values, { version: '1.1' }));
    if (!read.ok) throw new Error(read.because);
    return [{ layer, name, version: 1, secret, values: read.values, positions: read.positions }];
  });
}

async function resolved({ chart, in: place, given = {} }: Scenario): Promise<Resolved> {
  const folder = join(import.meta.dirname, '../../../examples/features', chart);
  const feature = readFeature(readFileSync(join(folder, 'Feature.yaml')));
  if (!feature.ok) throw new Error(feature.because);
  const values = readLayer('values.yaml', 1, readFileSync(join(folder, 'values.yaml'), 'utf8'));
  if (!values.ok) throw new Error(values.because);
  const { environment, facts } = WORLD[place];
  return await resolveValues({
    chart: { values: values.values, feature: feature.feature },
    layers: layersIn(chart, place, given),
    own: given.own ?? {},
    facts,
    environment,
    references: REFERENCES,
    secretFacts,
    places: layersOf({ prefix: '', labelOrder: ['ring'] }, chart, environment),
    engine,
    readYaml: readYamlText,
  });
}

function check(found: Resolved, [key, is, ...more]: Expectation): void {
  if (is === 'missing') {
    expect(found).toMatchObject({ ok: false, code: 'values-missing', because: expect.stringContaining(key) });
    return;
  }
  if (is === 'wrong') {
    expect(found).toMatchObject({ ok: false, code: 'values-broken', because: expect.stringContaining(key) });
    for (const part of more) expect(found.ok ? '' : found.because).toContain(part);
    return;
  }
  if (!found.ok) throw new Error(found.because);
  const leaf = found.leaves.find(({ path }) => pathText(path) === key);
  if (is === 'absent') expect(found.leaves.filter(({ path }) => pathText(path).startsWith(key))).toEqual([]);
  else if (is === 'orphan') {
    const orphan = found.orphans.find(({ path }) => pathText(path) === key);
    expect(orphan?.because).toContain(more[0]);
  } else {
    const origin = leaf?.origin.of === 'layer' ? leaf.origin.layer.of : leaf?.origin.of;
    expect({ value: leaf?.value, origin }).toEqual({ value: more[0], origin: is });
    expect(leaf?.secret).toBe(more[1] === 'secret');
    if (more[1] === 'secret') expect(found.secrets).toContain(more[0]);
  }
}

describe.each(SCENARIOS)('$chart in $in: $says', (scenario) => {
  test.each(scenario.expect.map((one) => ({ key: one[0], one })))('$key', async ({ one }) => {
    check(await resolved(scenario), one);
  });
});

test('there are at least 60 expectations', () => {
  expect(EXPECTATIONS).toBeGreaterThanOrEqual(60);
});

// biome-ignore lint/suspicious/noConsole: the run of all tests tells how many there are
afterAll(() => console.info(`charts of examples/features: ${EXPECTATIONS} expectations`));
