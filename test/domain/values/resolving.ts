/** What tests of resolving share: layers from text, an input with nothing in it, and the real engine. */

import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { readYamlText } from '../../../adapters/helm/read-yaml-text.ts';
import { packedEngine } from '../../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../../adapters/templates/template-engine.ts';
import { readFeature } from '../../../contracts/feature.ts';
import type { JsonMap } from '../../../domain/json.ts';
import type { LayerContent, Resolved } from '../../../domain/values/effective.ts';
import type { Feature } from '../../../domain/values/feature/feature.ts';
import { type LayerOf, layerName } from '../../../domain/values/layers/layer-names.ts';
import type { TemplateEngine } from '../../../domain/values/ports.ts';
import type { ResolveInput } from '../../../domain/values/resolve-input.ts';

export const engine = templateEngine({ wasm: packedEngine });

/** For charts without templates: who calls it is wrong. */
export const noEngine: TemplateEngine = {
  render: () => Promise.reject(new Error('no template is to run')),
  parse: () => Promise.reject(new Error('no template is to be parsed')),
};

export const PACKAGE: LayerOf = { of: 'package' };
export const ENVIRONMENT: LayerOf = { of: 'environment', name: 'dev' };

/** A layer of package `p` at version 3, from its text. */
export function layer(text: string, of: LayerOf = PACKAGE, secret = false): LayerContent {
  const name = layerName('', 'p', of, secret);
  const read = readLayer(name, 3, text);
  if (!read.ok) throw new Error(read.because);
  return { layer: of, name, version: 3, secret, values: read.values, positions: read.positions };
}

/** A `Feature.yaml` with these values. */
export function feature(values: string): Feature {
  const read = readFeature(`environmentKinds: [tenant]\nvalues:\n${values}`);
  if (!read.ok) throw new Error(read.because);
  return read.feature;
}

export function input(more: Partial<ResolveInput> = {}): ResolveInput {
  return {
    chart: { values: {} },
    layers: [],
    own: {},
    environment: { name: 'dev', kind: 'tenant', tenant: 'acme', labels: {} },
    references: new Map(),
    secretFacts: new Map(),
    engine,
    readYaml: readYamlText,
    ...more,
  };
}

export const chartWith = (values: string, defaults: JsonMap = {}) => ({ values: defaults, feature: feature(values) });

/** @throws what is wrong */
export function fine(resolved: Resolved): Extract<Resolved, { ok: true }> {
  if (!resolved.ok) throw new Error(`${resolved.code}: ${resolved.because}`);
  return resolved;
}
