/** Can the chart be pulled as its digest says, and what does it make? */
import type { InspectedPackage, InspectInput } from '../../../contracts/inspection.ts';
import type { Check } from '../../../domain/inspection/check.ts';
import { type ChartSeen, judgeChart, judgeElsewhere, judgeNoVersion } from '../../../domain/inspection/judge-chart.ts';
import type { RenderedKind } from '../../../domain/inspection/sights.ts';
import { isCopied } from '../../../domain/registry/chart-place.ts';
import type { InspectDeps } from './inspect-deps.ts';

export interface InspectedChart {
  readonly lines: readonly Check[];
  /** What the chart renders; empty when that is not known. */
  readonly kinds: readonly RenderedKind[];
}

type Needs = Pick<InspectDeps, 'charts' | 'helm'>;
const NOTHING: InspectedChart = { lines: [], kinds: [] };

/** Without a package there is no chart to look at. */
export async function inspectChart(deps: Needs, { package: pkg }: InspectInput): Promise<InspectedChart> {
  if (pkg === undefined) return NOTHING;
  if (isCopied(pkg.chart)) return { lines: [judgeElsewhere(pkg.chart)], kinds: [] };
  const newest = pkg.version === undefined ? await deps.charts.newest(pkg.chart) : undefined;
  if (newest !== undefined && !newest.found) {
    return { lines: [judgeNoVersion(pkg.chart, newest.because)], kinds: [] };
  }
  const version = newest?.version ?? pkg.version ?? '';
  const { seen, kinds } = await lookAt(deps, pkg, version);
  const { chart } = pkg;
  return { lines: [judgeChart({ chart, version, isNewest: newest !== undefined }, seen)], kinds };
}

async function lookAt(
  { charts, helm }: Needs,
  { chart, landsIn, release }: InspectedPackage,
  version: string,
): Promise<{ readonly seen: ChartSeen; readonly kinds: readonly RenderedKind[] }> {
  const resolved = await charts.resolve(chart, version);
  if (!resolved.found) return { seen: { is: IS[resolved.code], because: resolved.because }, kinds: [] };
  const { digest } = resolved;
  const pulled = await charts.pull(chart, digest);
  if (!pulled.pulled) return { seen: { is: IS[pulled.code], because: pulled.because }, kinds: [] };
  const rendered = await helm.kinds(pulled.archive, { namespace: landsIn, release });
  if (rendered.ok) return { seen: { is: 'rendered', digest }, kinds: rendered.kinds };
  return { seen: { is: 'not-rendered', digest, because: rendered.because }, kinds: [] };
}

const IS = { 'chart-not-found': 'missing', 'chart-changed': 'changed', unreachable: 'unreachable' } as const;
