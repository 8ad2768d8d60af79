import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonMap } from '../../domain/json.ts';
import { nested } from '../../domain/values/layers/at-path.ts';
import { mergeLayers } from '../../domain/values/layers/merge-layers.ts';
import { cacheFolder } from '../../local/install/cache-folder.ts';
import { ensureLayer } from '../../local/install/ensure-tools.ts';
import { runTool } from '../../local/install/run-tool.ts';
import { silentProgress } from '../../local/progress.ts';
import { SCENARIOS } from '../examples/features.expectations.ts';
import { resolvedScenario } from '../examples/resolved-scenario.ts';

/** What we say that values come to is what the deployer's helm sees of them. */
const features = join(import.meta.dirname, '../../examples/features');
let folder: string;
let helmPath: string;
beforeAll(async () => {
  const layer = await ensureLayer({ cache: cacheFolder(process.env), progress: silentProgress, env: process.env });
  helmPath = layer.helm;
  folder = await mkdtemp(join(tmpdir(), 'fairlead-features-'));
}, 120_000);
afterAll(async () => await rm(folder, { recursive: true, force: true }));

async function helm(...args: string[]): Promise<string> {
  const end = await runTool({
    command: helmPath,
    args,
    env: { HOME: folder, PATH: '/nonexistent' },
    timeoutMs: 60_000,
  });
  expect(end).toMatchObject({ code: 0 });
  return end.stdout;
}

/** The chart with nothing but a template that shows its values. */
async function showing(chart: string): Promise<string> {
  const copy = join(folder, chart);
  await cp(join(features, chart), copy, { recursive: true });
  await rm(join(copy, 'templates'), { recursive: true });
  await mkdir(join(copy, 'templates'));
  await writeFile(join(copy, 'templates', 'shown.yaml'), 'shown: {{ .Values | toJson | quote }}\n');
  return copy;
}

/** One scenario of each chart that comes to something. */
const ONE_OF_EACH = [...new Map(SCENARIOS.filter(comesToSomething).map((one) => [one.chart, one])).values()];
function comesToSomething({ expect: all }: (typeof SCENARIOS)[number]): boolean {
  return all.every(([, is]) => is !== 'missing' && is !== 'wrong');
}

describe.each(ONE_OF_EACH)('$chart in $in', (scenario) => {
  test('helm renders it, and sees the values that we tell', async () => {
    const resolved = await resolvedScenario(scenario);
    if (!resolved.ok) throw new Error(resolved.because);
    const values = join(folder, `${scenario.chart}.json`);
    await writeFile(values, JSON.stringify(resolved.values));
    const real = await helm('template', 'x', join(features, scenario.chart), '-f', values);
    expect(real).toContain('kind: ConfigMap');

    const copy = await showing(scenario.chart);
    const shown: unknown = JSON.parse(parse(await helm('template', 'x', copy, '-f', values)).shown);
    const told = mergeLayers(resolved.leaves.map(({ path, value }) => nested(path, value)));
    expect(shown).toEqual(without(told));
  });
});

test('there is one of each of the five charts', () => {
  expect(ONE_OF_EACH).toHaveLength(5);
});

/** helm takes away what is null. */
function without(values: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (value === null) return [];
      const isMap = typeof value === 'object' && !Array.isArray(value);
      return [[key, isMap ? without(value as JsonMap) : value]];
    }),
  );
}
