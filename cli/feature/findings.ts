/** What is wrong with a chart's `Feature.yaml`, found without any installation. */
import { readFeature } from '../../contracts/feature.ts';
import type { LayerTexts } from '../../contracts/layer-store.ts';
import { isMap } from '../../domain/json.ts';
import type { ChartContent } from '../../domain/values/chart-content.ts';
import { type Path, type Position, pathId, pathText } from '../../domain/values/effective.ts';
import { configTrouble } from '../../domain/values/feature/config-trouble.ts';
import type { Feature } from '../../domain/values/feature/feature.ts';
import { atPath, startsWith } from '../../domain/values/layers/at-path.ts';
import type { ParsedTemplate } from '../../domain/values/ports.ts';
import type { ChartFolderSeen, FeaturePorts } from './ports.ts';

export interface Finding {
  /** Below the chart's folder. */
  readonly file: string;
  readonly line?: number;
  readonly key?: string;
  readonly because: string;
}

export interface Findings {
  /** The chart cannot be rolled out so. */
  readonly errors: readonly Finding[];
  /** It may be meant. */
  readonly warnings: readonly Finding[];
  readonly feature?: Feature;
}

const FILE = 'Feature.yaml';

export async function findingsIn(
  { files, chart }: ChartFolderSeen,
  ports: FeaturePorts,
  texts: LayerTexts,
): Promise<Findings> {
  const bytes = files.get(FILE);
  if (bytes === undefined) {
    return {
      errors: [{ file: FILE, because: 'there is none: the chart takes every key of every layer' }],
      warnings: [],
    };
  }
  const read = readFeature(bytes);
  if (!read.ok)
    return { errors: [...read.faults.map((fault) => ({ file: FILE, ...fault })), ...brokenChart(chart)], warnings: [] };
  const { feature, lines } = read;
  const here = (key: string, because: string): Finding => ({ file: FILE, line: lines.get(key) ?? 1, key, because });
  const templates = feature.values.flatMap(({ key, computed }) =>
    computed === undefined ? [] : [{ key, ...computed }],
  );
  const parsed = await ports.engine.parse(templates);
  const errors = [
    ...parsed.flatMap((template) => templateFaults(template, feature).map((because) => here(template.key, because))),
    ...brokenChart(chart),
  ];
  const kinds = feature.values.flatMap(({ key, ignoreKind }) =>
    ignoreKind
      .filter((kind) => !feature.environmentKinds.includes(kind))
      .map((kind) => here(key, `ignoreKind ${kind}: the chart does not run in environments of that kind`)),
  );
  if (!chart.ok) return { errors, warnings: kinds, feature };
  const about = valuesFindings(chart.chart, feature, ports, positionsOf(files, texts));
  const absent = feature.values
    .filter(({ path }) => isAbsent(chart.chart, path))
    .map(({ key }) => here(key, 'values.yaml does not have this key: is it what the templates read?'));
  return { errors: [...errors, ...about.errors], warnings: [...kinds, ...absent, ...about.warnings], feature };
}

/** A map that is empty in values.yaml takes anything. */
function isAbsent({ values }: ChartContent, path: Path): boolean {
  const above = atPath(values, path.slice(0, -1));
  const isOpen = path.length > 1 && above.is === 'value' && isMap(above.value) && Object.keys(above.value).length === 0;
  return !isOpen && atPath(values, path).is !== 'value';
}

/** What is wrong with Feature.yaml itself is told in full elsewhere. */
const brokenChart = (chart: ChartFolderSeen['chart']): readonly Finding[] =>
  chart.ok || chart.because.startsWith(FILE) ? [] : [{ file: 'Chart.yaml', because: chart.because }];

const ROOTS = ['Kind', 'Tenant', 'Management', 'Env', 'Envs', 'Configs'];

function templateFaults(template: ParsedTemplate, feature: Feature): readonly string[] {
  if (!template.ok) return [template.because];
  const configs = new Set(feature.values.flatMap(({ key, config }) => (config === undefined ? [] : [key])));
  const faults = template.reads.flatMap(([root, key]) => {
    if (root !== undefined && !ROOTS.includes(root)) return [`it reads .${root}: there are .${ROOTS.join(', .')}`];
    if (root !== 'Configs' || key === undefined || configs.has(key)) return [];
    return [`it reads ${key} of .Configs, which is no value that is configured here`];
  });
  return [...new Set(faults)];
}

function positionsOf(files: ChartFolderSeen['files'], texts: LayerTexts): ReadonlyMap<string, Position> {
  const read = texts.read(new TextDecoder().decode(files.get('values.yaml') ?? new Uint8Array()));
  return read.ok ? read.positions : new Map();
}

/** Defaults of another type than configured values have, and such as the chart's own schema refuses. */
function valuesFindings(
  chart: ChartContent,
  feature: Feature,
  { checkSchemas }: FeaturePorts,
  positions: ReadonlyMap<string, Position>,
): { readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] } {
  const found = (path: Path, because: string): Finding => {
    const line = positions.get(pathId(path))?.line;
    return { file: 'values.yaml', ...(line !== undefined && { line }), key: pathText(path), because };
  };
  const types = feature.values.flatMap(({ path, config }) => {
    const there = atPath(chart.values, path);
    if (config === undefined || there.is !== 'value' || there.value === null || there.value === '') return [];
    const because = configTrouble(config.type, there.value);
    return because === undefined ? [] : [found(path, `the default ${because}`)];
  });
  const refused = checkSchemas(chart, {}).map(({ path, because }) => ({
    // Somebody else sets it: what the chart has there does not count.
    isSet: feature.values.some((value) => startsWith(value.path, path) || startsWith(path, value.path)),
    finding: found(path, `values.schema.json: ${because}`),
  }));
  return {
    errors: refused.filter(({ isSet }) => !isSet).map(({ finding }) => finding),
    warnings: [...types, ...refused.filter(({ isSet }) => isSet).map(({ finding }) => finding)],
  };
}
