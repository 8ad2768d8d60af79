/** helm keeps a release in one Secret, which may hold 1 MiB: what is near that is told in time. */
import type { PlanProblem, RecordSize } from '../../../domain/plan-diff/environment-diff.ts';

const WARN_PERCENT = 70;

/** @param biggest files of the chart that take the most room */
export function sizeProblem({ bytes, percent }: RecordSize, biggest: readonly string[]): readonly PlanProblem[] {
  if (percent < WARN_PERCENT) return [];
  const files = biggest.length === 0 ? '' : `; the biggest files are ${biggest.join(', ')}`;
  const because = `helm's record of the release would take ${Math.ceil(bytes / 1024)} KiB, ${percent} % of what a Secret may hold${files}`;
  if (percent < 100) return [{ code: 'release-large', blocks: false, because }];
  return [{ code: 'release-too-large', blocks: true, because, outcome: 'release-too-large' }];
}
