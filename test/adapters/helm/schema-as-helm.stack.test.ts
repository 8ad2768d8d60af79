/** The same schemas and values, judged by helm: what we refuse before helm is asked, helm would have refused. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readChart } from '../../../adapters/helm/read-chart.ts';
import { runProgram } from '../../../adapters/run-program.ts';
import { withDefaults } from '../../../domain/values/layers/with-defaults.ts';
import { chartArchive } from '../../support/chart-archive.ts';
import { SCHEMA_CASES } from '../../support/schema-cases.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-schemas-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SEEN = { 'templates/seen.yaml': 'kind: Seen\nsees: {{ toJson .Values | squote }}\n' };

async function template(files: Readonly<Record<string, string>>, given: unknown): Promise<string> {
  const [chart, values] = [join(folder, 'web.tgz'), join(folder, 'values.json')];
  await writeFile(chart, chartArchive({ ...files, ...SEEN }));
  await writeFile(values, JSON.stringify(given));
  const args = ['template', 'web', chart, '--values', values];
  const env = { PATH: process.env['PATH'], HOME: folder };
  const { helm } = inject('stack').tools;
  return (await runProgram({ command: helm, args, env, timeoutMilliseconds: 20_000 })).stdout;
}

describe('helm is of our opinion about', () => {
  test.each(SCHEMA_CASES.map((one) => [one.says, one] as const))('%s', async (_, { files, given, faults }) => {
    const judged = template(files, given);
    if (faults.length === 0) await judged;
    else await expect(judged).rejects.toThrow(/don't meet the specifications of the schema/);
  });
});

describe('helm sees the values that we see with', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['defaults', 'a: 1\nb: { c: 2 }', { b: { d: 3 } }],
    ['a map over a text and a text over a map', 'a: 1\nb: { c: 2 }', { a: { x: 1 }, b: 'text' }],
    ['nulls over defaults', 'a: 1\nb: { c: 2, d: { e: 1 } }', { a: null, b: { c: null, d: { e: null } } }],
    ['nulls over nothing', 'a: { b: 1 }', { n: null, a: { n: null } }],
    ['nulls of the chart', 'a: null\nb: { c: null }', {}],
    ['nulls of the chart that are set', 'a: null\nb: { c: null }', { a: 1, b: { c: { d: 1 } } }],
    ['a map over a null of the chart', 'a: null', { a: { b: 1 } }],
    ['lists', 'a: [1, 2]', { a: [3] }],
  ])('%s', async (_, values, given) => {
    const content = readChart({ readFeature: () => ({ ok: false, because: '' }) })(
      chartArchive({ 'values.yaml': values }),
    );
    const [, json] = /sees: '(.*)'/.exec(await template({ 'values.yaml': values }, given)) ?? [];
    expect(content.ok && withDefaults(content.chart.values, given)).toEqual(JSON.parse(json ?? 'null'));
  });
});
