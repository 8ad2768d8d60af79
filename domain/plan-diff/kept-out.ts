/**
 * What keeps a rollout out of an environment though its cluster would take it: its inputs are in quarantine there, or the
 * package is held. As begin-deployment judges it, when the rollout comes there.
 */
import { whyHeld } from '../holds/why-held.ts';
import { whyQuarantined } from '../holds/why-quarantined.ts';
import type { HoldItem, QuarantineItem } from '../items/release.ts';
import type { EnvironmentDiff, PlanProblem } from './environment-diff.ts';
import { judgeDiff } from './judge-diff.ts';

export interface KeptBy {
  readonly hold: HoldItem | undefined;
  /** Of the very inputs that were planned. */
  readonly quarantine: QuarantineItem | undefined;
}

/** The diff with what keeps the rollout out: quarantine blocks it, a hold lets it pass by. */
export function keptOut(diff: EnvironmentDiff, { hold, quarantine }: KeptBy): EnvironmentDiff {
  const more: readonly PlanProblem[] = [
    ...(quarantine === undefined
      ? []
      : [{ code: 'quarantined', blocks: true, because: whyQuarantined(quarantine), outcome: 'quarantined' } as const]),
    ...(hold === undefined ? [] : [{ code: 'held', blocks: false, because: whyHeld(hold), outcome: 'held' } as const]),
  ];
  if (more.length === 0) return diff;
  const problems = [...more, ...diff.problems];
  // Nobody found out what would change there: that stays so.
  return { ...diff, problems, ...(diff.state !== 'errored' && judgeDiff({ ...diff, problems })) };
}
