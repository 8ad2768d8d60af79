/**
 * What do a chart's defaults, the layers, the templates of its `Feature.yaml` and a rollout's own values come to in one
 * environment, and where does each value come from? Weakest first: chart default, computed, package's layer, labels'
 * layers, environment's layer, the rollout's own. Without a `Feature.yaml` every key of a layer counts.
 */

import type { Path, Resolved } from './effective.ts';
import { pathId, pathText } from './effective.ts';
import { layerOrigin } from './feature/pick-config.ts';
import { resolveFeature } from './feature/resolve-feature.ts';
import { atPath } from './layers/at-path.ts';
import { mergeLayers } from './layers/merge-layers.ts';
import { type Source, traceLayers } from './layers/trace-layers.ts';
import type { ResolveInput } from './resolve-input.ts';
import { replaceAt, replaceReferences } from './secrets/refer.ts';
import { type FoundReference, referencesIn } from './secrets/references-in.ts';
import { secretTexts } from './secrets/secret-texts.ts';

/** No `because` holds a value. @throws only when the engine itself is broken */
export async function resolveValues(input: ResolveInput): Promise<Resolved> {
  const { chart, layers, own, environment, references, unread } = input;
  const { feature } = chart;
  const found = referencesIn({ layers, own, feature, kind: environment.kind });
  if (!found.ok) return { ok: false, code: 'values-broken', because: found.because };
  const missing = found.references.find(({ text }) => !references.has(text));
  if (missing !== undefined && unread === undefined) {
    return { ok: false, code: 'values-missing', because: unreadReference(missing) };
  }
  return feature === undefined ? mergeAll(input, found.references) : await resolveFeature(input, feature);
}

function unreadReference({ parameter, version, line, path, text }: FoundReference): string {
  const place = `${parameter} version ${version}${line === undefined ? '' : `, line ${line}`}`;
  return `${place}: ${pathText(path)} refers to ${text}, which was not read`;
}

/** Every key counts. */
function mergeAll(input: ResolveInput, found: readonly FoundReference[]): Resolved {
  const { chart, layers, own, references } = input;
  const merged = mergeLayers([...layers.map(({ values }) => values), own]);
  const read = new Map(
    found.map(({ path }) => {
      const there = atPath(merged, path);
      return [pathId(path), replaceReferences(there.is === 'value' ? there.value : undefined, references)] as const;
    }),
  );
  const none = () => false;
  const sources: Source[] = [
    { values: chart.values, originAt: () => ({ of: 'chart' }), secretAt: none },
    ...layers.map((layer) => ({
      values: layer.values,
      originAt: (path: Path) => layerOrigin(layer, path),
      secretAt: () => layer.secret,
    })),
    { values: own, originAt: () => ({ of: 'rollout' }), secretAt: none },
  ];
  const leaves = traceLayers(sources).map((leaf) => {
    const id = pathId(leaf.path);
    return leaf.origin.of === 'layer' && read.has(id) ? { ...leaf, value: read.get(id), secret: true } : leaf;
  });
  const texts = found.flatMap(({ text }) => references.get(text) ?? []);
  return { ok: true, values: replaceAt(merged, read), leaves, orphans: [], secrets: secretTexts(leaves, texts) };
}
