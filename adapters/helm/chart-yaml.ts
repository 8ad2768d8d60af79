/** `Chart.yaml`, as far as it decides what a chart's values are (https://helm.sh/docs/topics/charts/#the-chartyaml-file). */
import * as z from 'zod';
import type { JsonMap } from '../../domain/json.ts';
import { BrokenChart } from './broken-chart.ts';
import { readYamlMap } from './read-yaml-map.ts';
import type { ChartFiles } from './unpack-chart.ts';

/** helm takes a number for a text here, as its YAML reader does for every text. */
const text = z.union([z.string(), z.number()]).transform(String);
const Dependencies = z.array(
  z.object({ name: text, alias: text.nullish(), condition: text.nullish(), tags: z.array(text).nullish() }),
);
const ChartYaml = z.object({
  name: text,
  version: text,
  description: text.nullish(),
  dependencies: Dependencies.nullish(),
});

export type ChartYaml = z.output<typeof ChartYaml>;

/** What a packed chart is called among the values: as each dependency that means it says, or else by its own name. */
export function namesOf({ dependencies }: ChartYaml, name: string) {
  const listed = (dependencies ?? []).filter((dependency) => dependency.name === name);
  if (listed.length === 0) return [{ name, conditions: [], tags: [] }];
  const called = new Map(listed.map((one) => [one.alias || name, one]));
  return [...called].map(([as, { condition, tags }]) => {
    const conditions = (condition ?? '').split(',').map((one) => one.trim());
    return { name: as, conditions: conditions.filter((one) => one !== ''), tags: tags ?? [] };
  });
}

/** A chart's own words about itself. @throws BrokenChart */
export function readChartYaml(file: string, files: ChartFiles): ChartYaml {
  const bytes = files.get('Chart.yaml');
  if (bytes === undefined) throw new BrokenChart('template-broken', `${file} is missing: this is no chart`);
  const yaml = ChartYaml.safeParse(mapIn('template-broken', file, bytes));
  if (!yaml.success) {
    const wrong = yaml.error.issues.map(({ path }) => path.join('.') || 'everything').join(' and ');
    throw new BrokenChart('template-broken', `${file} is no chart's: ${wrong} is missing or of another type`);
  }
  if (yaml.data.dependencies) return yaml.data;
  // Charts of `apiVersion: v1` have them in a file of their own.
  const requirements = mapIn(
    'template-broken',
    file.replace('Chart.yaml', 'requirements.yaml'),
    files.get('requirements.yaml'),
  );
  const dependencies = Dependencies.safeParse(requirements['dependencies'] ?? []);
  return { ...yaml.data, dependencies: dependencies.data ?? [] };
}

/** The map in a file; empty when there is no such file. @throws BrokenChart */
export function mapIn(code: 'template-broken' | 'values-broken', file: string, bytes: Uint8Array | undefined): JsonMap {
  if (bytes === undefined) return {};
  const read = readYamlMap(file, bytes);
  if (!read.ok) throw new BrokenChart(code, read.because);
  return read.values;
}
