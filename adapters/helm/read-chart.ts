/**
 * What a chart's archive says of itself, read in memory without helm: values as helm joins them, schemas, `Feature.yaml`.
 * Charts packed inside stand below their names or aliases. `import-values` is helm's business: what it brings is not among
 * these values, though helm applies it.
 */
import { isMap, type JsonMap } from '../../domain/json.ts';
import type { ChartContent, ChartSchema, ChartSwitch, ReadChart } from '../../domain/values/chart-content.ts';
import type { Feature } from '../../domain/values/feature/feature.ts';
import { mergeLayers } from '../../domain/values/layers/merge-layers.ts';
import { withoutNulls } from '../../domain/values/layers/with-defaults.ts';
import { BrokenChart } from './broken-chart.ts';
import { type ChartYaml, mapIn, namesOf, readChartYaml } from './chart-yaml.ts';
import { tooMuch } from './odd-values.ts';
import { type ChartFolder, sortFiles } from './packed-charts.ts';
import { type Budget, type ChartFiles, unpackChart, wholeBudget } from './unpack-chart.ts';

export interface ReadChartProps {
  /** Reads the text of a `Feature.yaml`; `because` names the file. */
  readonly readFeature: (
    text: string,
  ) => { readonly ok: true; readonly feature: Feature } | { readonly ok: false; readonly because: string };
}

/** Charts within charts. */
const MOST_DEPTH = 10;

/** A chart or a packed one, read; what is broken is thrown as `BrokenChart` and told by `readChart`. */
interface Part {
  readonly yaml: ChartYaml;
  readonly folder: ChartFolder;
  readonly values: JsonMap;
  readonly schemas: readonly ChartSchema[];
}

/** Answers never quote what stands in the chart, only its files' names and lines. */
export function readChart({ readFeature }: ReadChartProps): ReadChart {
  return (archive) => {
    const budget = wholeBudget();
    const unpacked = unpackChart(archive, budget);
    if (!unpacked.ok) return { ok: false, code: 'template-broken', because: unpacked.because };
    return chartOf(unpacked.files, budget, readFeature);
  };
}

/** The same for the files of a folder, as they would stand in its archive. */
export function chartOf(
  files: ChartFiles,
  budget: Budget,
  readFeature: ReadChartProps['readFeature'],
): ReturnType<ReadChart> {
  try {
    const { yaml, folder, values, schemas } = partOf({ path: '', at: [], switches: [] }, files, budget);
    const feature = featureOf(folder.own, readFeature);
    const sizes = new Map([...folder.own].map(([name, bytes]) => [name, bytes.length]));
    const { name, version, description } = yaml;
    const told = { ...(description && { description }), ...(feature !== undefined && { feature }) };
    const chart: ChartContent = { name, version, ...told, values, schemas, sizes };
    return { ok: true, chart };
  } catch (error) {
    if (error instanceof BrokenChart) return { ok: false, code: error.code, because: error.message };
    throw error;
  }
}

interface Place {
  /** Of the chart's folder within the whole; empty for the chart itself. */
  readonly path: string;
  /** Of its values within the whole. */
  readonly at: readonly string[];
  readonly switches: readonly ChartSwitch[];
}

function partOf(place: Place, files: ChartFiles, budget: Budget): Part {
  const { path, at, switches } = place;
  const named = (file: string) => (path === '' ? file : `${path}/${file}`);
  if (at.length > MOST_DEPTH)
    throw new BrokenChart('template-broken', `${path} is nested deeper than ${MOST_DEPTH} charts`);
  const sorted = sortFiles(path, files, budget);
  if (!sorted.ok) throw new BrokenChart('template-broken', sorted.because);
  const { folder } = sorted;
  const yaml = readChartYaml(named('Chart.yaml'), folder.own);
  const own = mapIn('values-broken', named('values.yaml'), folder.own.get('values.yaml'));
  const schema = schemaIn(named('values.schema.json'), folder.own.get('values.schema.json'));
  const below = folder.packed.flatMap(({ path: packed, files: packedFiles }) =>
    namesOf(yaml, readChartYaml(`${packed}/Chart.yaml`, packedFiles).name).map(({ name, ...by }) => {
      const switched = by.conditions.length + by.tags.length > 0 ? [...switches, { at, ...by }] : switches;
      return { name, part: partOf({ path: packed, at: [...at, name], switches: switched }, packedFiles, budget) };
    }),
  );
  const here = schema === undefined ? [] : [{ at, schema, ...(switches.length > 0 && { switches }) }];
  return {
    yaml,
    folder,
    values: joined(own, below),
    schemas: [...here, ...below.flatMap(({ part }) => part.schemas)],
  };
}

/** The chart's own values go before those of packed charts; a null takes away there, and what a packed chart sets to null it does not have. */
function joined(own: JsonMap, below: readonly { readonly name: string; readonly part: Part }[]): JsonMap {
  const names = new Set(below.map(({ name }) => name));
  const packed = Object.fromEntries(below.map(({ name, part }) => [name, part.values]));
  const all = Object.entries(mergeLayers([packed, own]));
  return Object.fromEntries(all.map(([key, value]) => [key, names.has(key) ? withoutNulls(value) : value]));
}

function schemaIn(file: string, bytes: Uint8Array | undefined): JsonMap | boolean | undefined {
  if (bytes === undefined) return undefined;
  let schema: unknown;
  try {
    schema = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    // Engines say where in different words, and some quote the text: only the line is taken over.
    const [, line] = error instanceof Error ? (/\(line (\d+) column \d+\)/.exec(error.message) ?? []) : [];
    throw new BrokenChart('template-broken', `${file} is not JSON${line === undefined ? '' : ` at line ${line}`}`);
  }
  const much = tooMuch(schema);
  if (much !== undefined) throw new BrokenChart('template-broken', `${file} ${much}`);
  if (isMap(schema) || typeof schema === 'boolean') return schema;
  throw new BrokenChart('template-broken', `${file} is no schema: it must be a map, true or false`);
}

function featureOf(files: ChartFiles, readFeature: ReadChartProps['readFeature']): Feature | undefined {
  const bytes = files.get('Feature.yaml');
  if (bytes === undefined) return undefined;
  let decoded: string;
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BrokenChart('template-broken', 'Feature.yaml is not UTF-8 text');
  }
  const read = readFeature(decoded);
  if (!read.ok) throw new BrokenChart('template-broken', read.because);
  return read.feature;
}
