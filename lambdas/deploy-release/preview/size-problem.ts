/** helm keeps a release in one Secret, which may hold 1 MiB: what is near that is told in time. */
import type { PlanProblem, RecordSize } from '../../../domain/plan-diff/environment-diff.ts';
import { judgeRecordSize, type RecordSize as Measured } from '../../../domain/release/record-size.ts';

export interface SizeSeen {
  readonly size: RecordSize;
  readonly problems: readonly PlanProblem[];
}

export function judgeSize(measured: Measured): SizeSeen {
  const judged = judgeRecordSize(measured);
  const size = { bytes: measured.bytes, percent: judged.percent };
  if (judged.is === 'fine') return { size, problems: [] };
  const { because } = judged;
  if (judged.is === 'large') return { size, problems: [{ code: 'release-large', blocks: false, because }] };
  return { size, problems: [{ code: 'release-too-large', blocks: true, because, outcome: 'release-too-large' }] };
}
