import type { Inputs } from '../../domain/items/deployment.ts';
import type { FrozenPlan } from '../../domain/rollout/frozen-plan.ts';

/** One version where it is the same everywhere, else what `otherwise` says; a digest more where it is not. */
export function oneChart(
  all: readonly Pick<Inputs, 'version' | 'chart' | 'chartDigest'>[],
  otherwise: string,
): Pick<FrozenPlan, 'version' | 'chart' | 'chartDigest'> {
  const [versions, charts, digests] = (['version', 'chart', 'chartDigest'] as const).map((part) => [
    ...new Set(all.map((inputs) => inputs[part])),
  ]);
  return {
    version: versions?.length === 1 ? (versions[0] ?? otherwise) : otherwise,
    chart: (charts ?? []).join(', '),
    chartDigest: (digests ?? []).join(', '),
  };
}
