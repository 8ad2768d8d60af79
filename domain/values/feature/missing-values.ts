/** Which required values come to nothing, and where could they be set? */
import type { JsonMap } from '../../json.ts';
import { atPath } from '../layers/at-path.ts';
import type { LayerPlace } from '../layers/layer-names.ts';
import { withDefaults } from '../layers/with-defaults.ts';
import type { Feature, FeatureValue } from './feature.ts';
import { isIgnored } from './pick-config.ts';

/** `null`, empty text, an empty map and an empty list are no value, whoever set them. */
export function missingValues(
  feature: Feature,
  kind: string | undefined,
  { chart, values }: { readonly chart: JsonMap; readonly values: JsonMap },
): readonly FeatureValue[] {
  const effective = withDefaults(chart, values);
  return feature.values.filter((value) => {
    if (!value.required || isIgnored(value, kind)) return false;
    const found = atPath(effective, value.path);
    return found.is !== 'value' || isNothing(found.value);
  });
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

const MOST_EXPLAINED = 20;

/** One sentence with all of them. */
export function missingText(missing: readonly FeatureValue[], places: readonly LayerPlace[] = []): string {
  const each = missing.slice(0, MOST_EXPLAINED).map((value) => {
    const { key, displayName } = value;
    return `${key}${displayName === undefined ? '' : ` (${displayName})`}: ${whereToSet(value, places)}`;
  });
  const more = missing.slice(MOST_EXPLAINED).map(({ key }) => key);
  const all = more.length === 0 ? each : [...each, `also ${more.join(', ')}`];
  return `missing required ${missing.length === 1 ? 'value' : 'values'}: ${all.join('; ')}`;
}

function whereToSet({ config, computed }: FeatureValue, places: readonly LayerPlace[]): string {
  const template = "its template comes to nothing: set what it reads in the environment's values";
  if (config === undefined) return template;
  const named = places.flatMap(({ layer, name, secret }) =>
    secret === config.secret && layer.of !== 'label' ? [name] : [],
  );
  const set = `set it in ${named.length === 0 ? 'a layer of values' : named.join(' or ')}`;
  return computed === undefined ? set : `${set}; ${template}`;
}
