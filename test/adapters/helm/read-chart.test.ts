import { describe, expect, test } from 'vitest';
import { readChart } from '../../../adapters/helm/read-chart.ts';
import type { Feature } from '../../../domain/values/feature/feature.ts';
import { archiveOfEntries, chartArchive } from '../../support/chart-archive.ts';

const FEATURE: Feature = { environmentKinds: ['tenant'], dependencies: [], values: [] };
const read = readChart({
  readFeature: (text) =>
    text.startsWith('environmentKinds')
      ? { ok: true, feature: FEATURE }
      : { ok: false, because: 'Feature.yaml, line 1: no' },
});
type Files = Parameters<typeof chartArchive>[0];
const content = (files: Files) => {
  const answer = read(chartArchive(files));
  if (!answer.ok) throw new Error(answer.because);
  return answer.chart;
};

const depends = (...dependencies: string[]) =>
  `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n${dependencies.map((one) => `- ${one}\n`).join('')}`;
const REDIS = {
  'charts/redis/Chart.yaml': 'apiVersion: v2\nname: redis\nversion: 2.0.0\n',
  'charts/redis/values.yaml': 'port: 6379\nauth: { on: true, user: null }\n',
};

describe('a chart', () => {
  test('is its name, version, values and the sizes of its files', () => {
    const chart = content({ 'values.yaml': 'replicas: 2\n', 'templates/a.yaml': 'kind: A' });
    expect(chart).toMatchObject({ name: 'web', version: '1.0.0', values: { replicas: 2 }, schemas: [] });
    expect(Object.fromEntries(chart.sizes)).toEqual({ 'Chart.yaml': 40, 'values.yaml': 12, 'templates/a.yaml': 7 });
    expect(chart.feature).toBeUndefined();
  });

  test('may have no values', () => expect(content({}).values).toEqual({}));

  test('has values as helm reads them', () => {
    const { values } = content({ 'values.yaml': 'on: yes\nday: 2026-11-21\nmode: 0644\n' });
    expect(values).toEqual({ true: true, day: '2026-11-21', mode: 420 });
  });

  test('has its Feature.yaml read by whom it is given to', () => {
    expect(content({ 'Feature.yaml': 'environmentKinds: [tenant]' }).feature).toEqual(FEATURE);
  });

  test('has a key __proto__ like any other', () => {
    const { values } = content({ 'values.yaml': '__proto__: { polluted: 1 }\n' });
    expect(Object.keys(values)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  test('may give its version as a number, as helm lets it', () => {
    expect(content({ 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 2\n' }).version).toBe('2');
  });
});

describe('a packed chart', () => {
  test('has its values below its name, where those of the chart go before them', () => {
    const { values } = content({ ...REDIS, 'values.yaml': 'redis: { port: 1, auth: { on: false } }\n' });
    expect(values).toEqual({ redis: { port: 1, auth: { true: false } } });
  });

  test('stands below each alias that a dependency gives it, and below its own name where one gives none', () => {
    const both = depends('{ name: redis, version: 2.0.0, alias: cache }', '{ name: redis, version: 2.0.0 }');
    expect(Object.keys(content({ ...REDIS, 'Chart.yaml': both }).values)).toEqual(['cache', 'redis']);
    const one = depends('{ name: redis, version: 2.0.0, alias: cache }');
    expect(Object.keys(content({ ...REDIS, 'Chart.yaml': one }).values)).toEqual(['cache']);
  });

  test('may be an archive, and have charts packed inside', () => {
    const inner = archiveOfEntries([
      { path: 'redis/Chart.yaml', content: 'name: redis\nversion: 2.0.0' },
      { path: 'redis/values.yaml', content: 'port: 1' },
      { path: 'redis/charts/probe/Chart.yaml', content: 'name: probe\nversion: 1.0.0' },
      { path: 'redis/charts/probe/values.yaml', content: 'every: 5' },
    ]);
    expect(content({ 'charts/redis-2.0.0.tgz': inner }).values).toEqual({ redis: { port: 1, probe: { every: 5 } } });
  });

  test('brings its schema, with where its values stand and what switches it off', () => {
    const chart = content({
      ...REDIS,
      'Chart.yaml': depends(
        '{ name: redis, version: 2.0.0, alias: cache, condition: "cache.on,global.cache", tags: [db] }',
      ),
      'values.schema.json': '{"type":"object"}',
      'charts/redis/values.schema.json': 'true',
    });
    expect(chart.schemas).toEqual([
      { at: [], schema: { type: 'object' } },
      { at: ['cache'], schema: true, switches: [{ at: [], conditions: ['cache.on', 'global.cache'], tags: ['db'] }] },
    ]);
  });

  test('of old charts is named in requirements.yaml', () => {
    const files = { ...REDIS, 'requirements.yaml': 'dependencies: [{ name: redis, version: 2.0.0, alias: cache }]' };
    expect(Object.keys(content(files).values)).toEqual(['cache']);
  });

  test('is not what else lies in charts/', () => {
    const files = { 'charts/README.md': 'hello', 'charts/_old/Chart.yaml': 'broken: [', 'charts/notes/a.txt': 'a' };
    expect(content(files).values).toEqual({});
  });
});

describe('what is broken is told with file and line, and not quoted', () => {
  const nested = (depth: number) =>
    Object.fromEntries(
      Array.from({ length: depth }, (_, n) => [`${'charts/a/'.repeat(n + 1)}Chart.yaml`, 'name: a\nversion: 1.0.0']),
    );
  test.each<[string, Files, string, RegExp]>([
    [
      'values that are no YAML',
      { 'values.yaml': 'a: 1\nb: [hunter2' },
      'values-broken',
      /^values.yaml is not YAML at line 2/,
    ],
    [
      'values with a key twice',
      { 'values.yaml': 'a: 1\na: 2\n' },
      'values-broken',
      /^values.yaml is not YAML at line 2 \(duplicate key\)/,
    ],
    ['values that are a list', { 'values.yaml': '- hunter2' }, 'values-broken', /^values.yaml is not a map at line 1/],
    [
      'values that are no text',
      { 'values.yaml': Buffer.from([0xff, 0xfe, 0x00]) },
      'values-broken',
      /^values.yaml is not UTF-8/,
    ],
    ['values of endless depth', { 'values.yaml': `a: ${'['.repeat(50_000)}` }, 'values-broken', /^values.yaml /],
    [
      'values of great depth',
      { 'values.yaml': `a: ${'['.repeat(150)}${']'.repeat(150)}` },
      'values-broken',
      /^values.yaml is nested deeper than 100 levels/,
    ],
    [
      'a schema of endless depth',
      { 'values.schema.json': `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}` },
      'template-broken',
      /^values.schema.json is nested deeper than 100 levels/,
    ],
    [
      'aliases of something large',
      { 'values.yaml': `a: &a ${'x'.repeat(100_000)}\nb: [${Array(900).fill('*a').join(', ')}]` },
      'values-broken',
      /^values.yaml comes to too much when its aliases are written out/,
    ],
    ['a bomb of aliases', { 'values.yaml': bomb() }, 'values-broken', /^values.yaml uses more aliases than it may/],
    [
      'values of a packed chart',
      { ...REDIS, 'charts/redis/values.yaml': '- 1' },
      'values-broken',
      /^charts\/redis\/values.yaml is not a map/,
    ],
    [
      'a schema that is no JSON',
      { 'values.schema.json': '{\n"a": hunter2 }' },
      'template-broken',
      /^values.schema.json is not JSON( at line 2)?$/,
    ],
    ['a schema that is a list', { 'values.schema.json': '[]' }, 'template-broken', /^values.schema.json is no schema/],
    [
      'a chart without a version',
      { 'Chart.yaml': 'name: web' },
      'template-broken',
      /^Chart.yaml is no chart's: version is missing/,
    ],
    ['a Feature.yaml', { 'Feature.yaml': 'hello' }, 'template-broken', /^Feature.yaml, line 1/],
    ['a packed archive', { 'charts/a-1.tgz': 'hello' }, 'template-broken', /^charts\/a-1.tgz: the archive is no gzip/],
    ['charts within charts', nested(12), 'template-broken', /nested deeper than 10 charts/],
  ])('%s', (_, files, code, because) => {
    const answer = read(chartArchive(files));
    expect(answer).toEqual({ ok: false, code, because: expect.stringMatching(because) });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  test('what is no chart at all', () => {
    const answer = read(archiveOfEntries([{ path: 'web/README.md', content: 'hello' }]));
    expect(answer).toMatchObject({ ok: false, because: 'Chart.yaml is missing: this is no chart' });
  });
});

function bomb(): string {
  const rows = 'abcdefgh'.split('').map((name, n, all) => {
    const of = n === 0 ? 'boom' : `*${all[n - 1]}`;
    return `${name}: &${name} [${Array(9).fill(of).join(', ')}]`;
  });
  return rows.join('\n');
}
