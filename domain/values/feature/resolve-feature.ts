/** What do values come to under a `Feature.yaml`: configured, computed, or the chart's default? */
import { isMap, type JsonMap } from '../../json.ts';
import { type Path, pathId, type Resolved } from '../effective.ts';
import { atPath, nested, startsWith } from '../layers/at-path.ts';
import { mergeLayers } from '../layers/merge-layers.ts';
import { type Source, traceLayers } from '../layers/trace-layers.ts';
import { type ResolveInput, secretFactId } from '../resolve-input.ts';
import { PLACEHOLDER, replaceAt } from '../secrets/refer.ts';
import { secretTexts } from '../secrets/secret-texts.ts';
import { seeSecrets, unreadFact } from '../secrets/unread-facts.ts';
import { type Computed, type ComputeFault, computeValues } from './compute-values.ts';
import type { Feature, FeatureValue } from './feature.ts';
import { missingText, missingValues } from './missing-values.ts';
import { configOf, isIgnored, layerOrigin, orphansOf } from './pick-config.ts';
import { type Config, readConfig } from './read-config.ts';
import { templateData } from './template-data.ts';

/** References that count have been read, or are to be shown as placeholders. */
export async function resolveFeature(input: ResolveInput, feature: Feature): Promise<Resolved> {
  const { chart, layers, environment, places } = input;
  const config = readConfig(input, feature);
  if (config.troubles.length > 0) return { ok: false, code: 'values-broken', because: together(config.troubles) };
  const running = feature.values.filter((value) => runs(value, input, config));
  const unread = await unreadFact(input, running);
  if (unread !== undefined) return { ok: false, code: 'values-missing', because: unread };

  const { computed, faults } = await compute(input, config, running);
  const values = givenTo(input, feature, config, computed);
  const broken = new Set(faults.map(({ of }) => of.key));
  const missing = missingValues(feature, environment.kind, { chart: chart.values, values });
  const blocked = troubleOf(
    missing.filter(({ key }) => !broken.has(key)),
    faults,
    places,
  );
  if (blocked !== undefined) return blocked;

  const leaves = traceLayers(sourcesOf(input, feature, computed)).map((leaf) => {
    const id = pathId(leaf.path);
    const read = leaf.origin.of === 'layer' ? config.referring.get(id) : undefined;
    return read === undefined ? leaf : { ...leaf, value: read.value, secret: true };
  });
  return {
    ok: true,
    values,
    leaves,
    orphans: orphansOf(feature, environment.kind, layers),
    secrets: secretTexts(leaves, [...input.references.values(), ...input.secretFacts.values()]),
  };
}

const MOST_TOLD = 20;

function together(troubles: readonly string[]): string {
  const more = troubles.length - MOST_TOLD;
  return [...troubles.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** What is missing goes first: a template that reads it fails, and is not what has to be mended. */
function troubleOf(
  missing: readonly FeatureValue[],
  faults: readonly ComputeFault[],
  places: ResolveInput['places'],
): Extract<Resolved, { ok: false }> | undefined {
  const failed = faults.map(({ of, because }) => `Feature.yaml: ${of.key}: ${because}`);
  if (missing.length > 0) {
    return {
      ok: false,
      code: 'values-missing',
      because: [missingText(missing, places), ...failed.slice(0, MOST_TOLD)].join('; '),
    };
  }
  return failed.length > 0 ? { ok: false, code: 'template-broken', because: together(failed) } : undefined;
}

/** A value that is configured, or that the rollout replaces whole, does not run its template. */
function runs(value: FeatureValue, { environment, own }: ResolveInput, config: Config): boolean {
  if (value.computed === undefined || isIgnored(value, environment.kind) || config.set.has(value.key)) return false;
  const over = atPath(own, value.path);
  return over.is === 'absent' || (over.is === 'value' && isMap(over.value));
}

async function compute(
  input: ResolveInput,
  config: Config,
  values: readonly FeatureValue[],
): Promise<{ readonly computed: readonly Computed[]; readonly faults: readonly ComputeFault[] }> {
  const { environment, facts, engine, readYaml, secretFacts, unread } = input;
  const secretOf = (name: string, key: string) =>
    secretFacts.get(secretFactId(name, key)) ?? (unread === undefined ? undefined : PLACEHOLDER);
  const seen = templateData({ environment, facts, configs: config.configs, secretOf });
  const done = await computeValues({ values, ...seen, engine, readYaml });
  if (unread === undefined || done.faults.length === 0) return done;
  // A template may well fail over a placeholder.
  const hidden = await seeSecrets(input, config, values);
  const failed = done.faults.filter(({ of }) => hidden.has(of.key));
  const placeholders = failed.map(({ of }): Computed => ({ of, value: PLACEHOLDER, secret: true }));
  return {
    computed: [...done.computed, ...placeholders],
    faults: done.faults.filter(({ of }) => !hidden.has(of.key)),
  };
}

/** What helm gets beside the chart's own values. */
function givenTo(input: ResolveInput, feature: Feature, { referring }: Config, computed: readonly Computed[]): JsonMap {
  const { layers, own, environment } = input;
  const config = mergeLayers([
    computedMap(computed),
    ...layers.map(({ values }) => configMap(feature, environment.kind, values)),
  ]);
  const read = new Map([...referring].map(([id, { value }]) => [id, value]));
  return mergeLayers([replaceAt(config, read), injected(input), own]);
}

/** Weakest first, each with what is known of its values. */
function sourcesOf(input: ResolveInput, feature: Feature, computed: readonly Computed[]): readonly Source[] {
  const { chart, layers, own, environment } = input;
  const declared = (path: Path) => feature.values.find((value) => startsWith(path, value.path));
  const isSecret = (path: Path) => declared(path)?.config?.secret === true;
  const tainted = new Set(computed.flatMap(({ of, secret }) => (secret ? [of.key] : [])));
  return [
    { values: chart.values, originAt: () => ({ of: 'chart' }), secretAt: isSecret },
    {
      values: computedMap(computed),
      originAt: (path) => ({ of: 'computed', key: declared(path)?.key ?? '' }),
      secretAt: (path) => isSecret(path) || tainted.has(declared(path)?.key ?? ''),
    },
    ...layers.map((layer) => ({
      values: configMap(feature, environment.kind, layer.values),
      originAt: (path: Path) => layerOrigin(layer, path),
      secretAt: (path: Path) => layer.secret || isSecret(path),
    })),
    { values: injected(input), originAt: () => ({ of: 'fairlead' }), secretAt: () => false },
    { values: own, originAt: () => ({ of: 'rollout' }), secretAt: isSecret },
  ];
}

const computedMap = (computed: readonly Computed[]) =>
  mergeLayers(computed.map(({ of, value }) => nested(of.path, value)));

const configMap = (feature: Feature, kind: string | undefined, values: JsonMap) =>
  mergeLayers(configOf(feature, kind, values).map(([path, value]) => nested(path, value)));

/** What fasit gives every chart. */
function injected({ environment, facts }: ResolveInput): JsonMap {
  const { name, kind = '', tenant = facts?.tenant ?? '' } = environment;
  return { fasit: { tenant: { name: tenant }, env: { name, kind } } };
}
