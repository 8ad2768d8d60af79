import { beforeEach, expect, test } from 'vitest';
import { type MemoryTable, memoryTable } from '../../../adapters/memory/memory-table.ts';
import { keys } from '../../../domain/keys.ts';
import type { Feature, FeatureValue } from '../../../domain/values/feature/feature.ts';
import type { Template } from '../../../domain/values/ports.ts';
import { type ChartNoted, noteReads } from '../../../lambdas/plan-rollout/note-reads.ts';
import { keptLog } from '../../support/kept-log.ts';

let table: MemoryTable;
let parsed: readonly Template[][];
let time: number;
beforeEach(() => {
  table = memoryTable();
  parsed = [];
  time = Date.parse('2026-11-21T10:00:00Z');
});
const DAY = 86_400_000;

const value = (key: string, template?: string): FeatureValue => ({
  ...{ key, path: [key], required: false, ignoreKind: [] },
  ...(template !== undefined && { computed: { template } }),
});
const feature: Feature = {
  environmentKinds: ['tenant'],
  dependencies: [],
  values: [value('host', '{{ .Env.zone }}'), value('plain'), value('broken', '{{')],
};
const chart: ChartNoted = { package: 'web', version: '1.0.0', chartDigest: 'sha256:a', feature };

function noting(log = keptLog()) {
  return noteReads({
    table,
    now: () => new Date(time),
    log,
    engine: {
      parse: async (templates) => {
        parsed = [...parsed, [...templates]];
        return templates.map(({ key, template }) =>
          template === '{{'
            ? { key, ok: false, code: 'syntax', because: 'it ends too early' }
            : { key, ok: true, reads: [['Env', 'zone']], functions: [] },
        );
      },
    },
  });
}
const noted = (version = '1.0.0') => table.get(keys.chartReads('web', version));

test('what templates read is noted; one that cannot be parsed may read anything', async () => {
  await noting()(chart);
  expect((await noted())?.reads).toEqual([
    { key: 'host', paths: [['Env', 'zone']] },
    { key: 'broken', paths: [[]] },
  ]);
});

test('it is noted once, again for another archive, and again before it is forgotten', async () => {
  const note = noting();
  for (const _ of [1, 2, 3]) await note(chart);
  expect(parsed).toHaveLength(1);
  await note({ ...chart, chartDigest: 'sha256:b' });
  expect([parsed.length, (await noted())?.chartDigest]).toEqual([2, 'sha256:b']);
  time += 201 * DAY;
  await note({ ...chart, chartDigest: 'sha256:b' });
  expect(parsed).toHaveLength(3);
});

test('a chart without templates is known to read nothing, without an engine', async () => {
  await noting()({ ...chart, feature: undefined });
  expect([(await noted())?.reads, parsed]).toEqual([[], []]);
});

test('an engine that breaks is told, and is no reason not to plan', async () => {
  const log = keptLog();
  const note = noteReads({
    table,
    now: () => new Date(time),
    log,
    engine: { parse: () => Promise.reject(new Error('no memory')) },
  });
  await note(chart);
  expect(await noted()).toBeUndefined();
  expect(log.lines.join()).toContain('what a chart reads is not noted');
});
