/** The charts of `examples/features`, resolved as a deployer would. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readLayer } from '../../adapters/helm/read-layer.ts';
import { readYamlText } from '../../adapters/helm/read-yaml-text.ts';
import { packedEngine } from '../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../adapters/templates/template-engine.ts';
import { readFeature } from '../../contracts/feature.ts';
import type { LayerContent, Resolved } from '../../domain/values/effective.ts';
import { type LayerOf, layerName, layersOf } from '../../domain/values/layers/layer-names.ts';
import { secretFactId } from '../../domain/values/resolve-input.ts';
import { resolveValues } from '../../domain/values/resolve-values.ts';
import type { Given, Scenario } from './features.expectations.ts';
import { type Place, REFERENCES, SECRETS, WORLD } from './features.world.ts';

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

/** What the scenario's chart comes to in its environment. */
export async function resolvedScenario({ chart, in: place, given = {} }: Scenario): Promise<Resolved> {
  const folder = join(import.meta.dirname, '../../examples/features', chart);
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
