/** What the chart of a plan says of itself, before anything is frozen for it. */
import type { Patience } from '../../domain/commit.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Charts } from '../../domain/ports.ts';
import type { ChartContent, ReadChart } from '../../domain/values/chart-content.ts';

export interface ReadPlannedDeps {
  readonly charts: Pick<Charts, 'pull'>;
  readonly readChart: ReadChart;
  /** Between tries at a registry that does not answer. */
  readonly chartPatience: Patience;
}

export type PlannedChart =
  | { readonly ok: true; readonly chart: ChartContent }
  | ({ readonly ok: false } & Pick<Outcome, 'code' | 'because'>);

/** Pulls it by digest. A registry that does not answer is asked again: nothing has been touched yet, and it is often only a moment. */
export async function readPlannedChart(
  { charts, readChart, chartPatience }: ReadPlannedDeps,
  { chart, chartDigest, version }: { readonly chart: string; readonly chartDigest: string; readonly version: string },
): Promise<PlannedChart> {
  for (let attempt = 1; ; attempt++) {
    const pulled = await charts.pull(chart, chartDigest);
    if (!pulled.pulled && pulled.code === 'unreachable' && attempt < chartPatience.tries) {
      await chartPatience.pause(attempt);
      continue;
    }
    if (!pulled.pulled) return { ok: false, code: pulled.code, because: pulled.because };
    const read = readChart(pulled.archive);
    return read.ok ? read : { ok: false, code: read.code, because: `chart ${chart} ${version}: ${read.because}` };
  }
}
