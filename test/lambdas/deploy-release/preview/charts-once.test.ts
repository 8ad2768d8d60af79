import { expect, test } from 'vitest';
import type { PulledChart } from '../../../../domain/ports.ts';
import { chartsOnce } from '../../../../lambdas/deploy-release/preview/charts-once.ts';
import { aChart } from '../../../support/items.ts';

/** A registry that answers as it is told, and how often it was asked; whatever it gives is read. */
function registry(answer: (asked: number) => PulledChart) {
  const [asked, read] = [[] as string[], [] as Uint8Array[]];
  const once = chartsOnce({
    charts: {
      resolve: async () => ({ found: true, digest: 'sha256:a' }),
      pull: async (_, digest) => {
        asked.push(digest);
        return answer(asked.length);
      },
    },
    readChart: (archive) => {
      read.push(archive);
      return { ok: true, chart: aChart() };
    },
  });
  return { asked, read, ...once };
}
const found = (): PulledChart => ({ pulled: true, archive: new Uint8Array([1]) });
const silent = (): PulledChart => ({ pulled: false, code: 'unreachable', because: 'no answer' });

test('environments that share a chart have it pulled and read once, also side by side', async () => {
  const { asked, read, charts, readChart } = registry(found);
  const pulled = await Promise.all([1, 2, 3].map(() => charts.pull('oci://c', 'sha256:a')));
  for (const one of [...pulled, await charts.pull('oci://c', 'sha256:a')]) if (one.pulled) readChart(one.archive);
  expect([asked, read.length]).toEqual([['sha256:a'], 1]);
});

test('another digest is another chart, and takes its place', async () => {
  const { asked, charts } = registry(found);
  for (const digest of ['sha256:a', 'sha256:b', 'sha256:b', 'sha256:a']) await charts.pull('oci://c', digest);
  expect(asked).toEqual(['sha256:a', 'sha256:b', 'sha256:a']);
});

test('what could not be had is asked for again', async () => {
  const { asked, charts } = registry((times) => {
    if (times === 2) throw new Error('broke off');
    return times === 1 ? silent() : found();
  });
  expect(await charts.pull('oci://c', 'sha256:a')).toMatchObject({ pulled: false });
  await expect(charts.pull('oci://c', 'sha256:a')).rejects.toThrow('broke off');
  expect(await charts.pull('oci://c', 'sha256:a')).toMatchObject({ pulled: true });
  expect(asked).toHaveLength(3);
});
