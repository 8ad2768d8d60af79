/** What a chart's archive says of itself, beside its templates. */
import type { JsonMap } from '../json.ts';
import type { Feature } from './feature/feature.ts';

/** A `values.schema.json` (https://helm.sh/docs/topics/charts/#schema-files), of the chart or of one packed inside it. */
export interface ChartSchema {
  /** Where the chart's values stand among those of the whole: `[]` for the chart itself, `['redis']` for one packed inside it. */
  readonly at: readonly string[];
  readonly schema: JsonMap | boolean;
  /** What may switch off the packed charts on the way there; absent when nothing does. */
  readonly switches?: readonly ChartSwitch[];
}

/** `condition` and `tags` of a dependency (https://helm.sh/docs/topics/charts/#the-chart-dependencies-field). */
export interface ChartSwitch {
  /** Where the values of the chart stand that depends on it. */
  readonly at: readonly string[];
  readonly conditions: readonly string[];
  readonly tags: readonly string[];
}

export interface ChartContent {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Of its `values.yaml`, with those of packed charts below their names, as helm joins them. */
  readonly values: JsonMap;
  readonly schemas: readonly ChartSchema[];
  /** Of its `Feature.yaml`. */
  readonly feature?: Feature;
  /** Bytes of each file that helm keeps in the release's record, by name. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** `because` names the file and the line. */
export type ReadChart = (
  archive: Uint8Array,
) =>
  | { readonly ok: true; readonly chart: ChartContent }
  | { readonly ok: false; readonly code: 'template-broken' | 'values-broken'; readonly because: string };
