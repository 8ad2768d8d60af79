/** The environments of a plan mostly share one chart: it is pulled and read once for all of them. */
import type { PulledChart } from '../../../domain/ports.ts';
import type { Deps } from '../deps.ts';

type ChartDeps = Pick<Deps, 'charts' | 'readChart'>;

/** Keeps the last chart, by its digest, which its bytes were checked against; one that could not be had is asked for again. */
export function chartsOnce({ charts, readChart }: ChartDeps): ChartDeps {
  let last: { readonly of: string; readonly pulled: Promise<PulledChart> } | undefined;
  const read = new WeakMap<Uint8Array, ReturnType<typeof readChart>>();
  return {
    charts: {
      ...charts,
      async pull(chart, digest) {
        const of = `${chart}@${digest}`;
        const kept = last?.of === of ? last : { of, pulled: charts.pull(chart, digest) };
        last = kept;
        const pulled = await kept.pulled.catch((error: unknown) => {
          if (last === kept) last = undefined;
          throw error;
        });
        if (!pulled.pulled && last === kept) last = undefined;
        return pulled;
      },
    },
    readChart(archive) {
      const known = read.get(archive) ?? readChart(archive);
      read.set(archive, known);
      return known;
    },
  };
}
