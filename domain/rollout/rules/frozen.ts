/**
 * Deployments that a freeze means are not sent off, so that a held rollout occupies nothing; when nothing else may
 * begin, the stage waits. What a freeze held begins a moment of its own after it, so that not all begin in one second.
 */
import { endingCommand, type Frozen, frozenBy, holding } from '../../freezes/holding.ts';
import type { DeploymentItem } from '../../items/deployment.ts';
import type { FreezeItem } from '../../items/gates.ts';
import type { PlannedStage, RolloutItem } from '../../items/rollout.ts';
import type { Calendar } from '../../ports.ts';
import type { Decision } from '../decision.ts';
import { lastWait } from './waited-too-long.ts';

type Wait = Extract<Decision, { action: 'wait' }>;

/** The clock, and the calendar that goes with it. */
export interface When {
  readonly now: Date;
  readonly calendar: Calendar;
}

export interface Thawed {
  /** Those that no freeze means now. */
  readonly ready: readonly DeploymentItem[];
  /** Until when the others wait, where there are any. */
  readonly wait?: Wait;
}

const MINUTE = 60_000;
/** Rollouts that a freeze held begin over this long after it. */
export const MOST_JITTER = 2 * MINUTE;
/** What only a person ends is looked at again after this, in case the wake-up was lost. */
const LOOK_AGAIN = 15 * MINUTE;

/** Who of a stage's `ready` may begin, for all that freezes say. */
export function thawed(
  { rollout, freezes }: { readonly rollout: RolloutItem; readonly freezes: readonly FreezeItem[] },
  { stage, ready }: { readonly stage: PlannedStage; readonly ready: readonly DeploymentItem[] },
  when: When,
): Thawed {
  const keep = freezes.length === 0 || ready.length === 0 ? [] : keeping(rollout, freezes, when);
  if (keep.length === 0) return { ready };
  const judged = ready.map((deployment) => ({ deployment, by: frozenBy(deployment.labels, keep) }));
  const free = judged.flatMap(({ deployment, by }) => (by === undefined ? [deployment] : []));
  const frozen = judged.flatMap(({ deployment, by }) => (by === undefined ? [] : [{ deployment, by }]));
  return frozen.length === 0 ? { ready } : { ready: free, wait: waitFor(rollout, stage, frozen, when) };
}

/** What holds now and, for a rollout that waits already, what ended so short a while ago that its own moment has not come. */
function keeping(rollout: RolloutItem, freezes: readonly FreezeItem[], { now, calendar }: When): readonly Frozen[] {
  const held = holding(freezes, rollout, now, calendar);
  if (rollout.state !== 'waiting') return held;
  const before = holding(freezes, rollout, new Date(now.getTime() - MOST_JITTER), calendar);
  const ended = before.filter((one) => one.until !== undefined && one.until <= now && beginsAt(one, rollout.id) > now);
  return [...held, ...ended];
}

/** When a rollout begins that was held: within two minutes of the end, or within a tenth of a short window. */
export function beginsAt({ since, until }: Frozen & { readonly until?: Date | undefined }, rolloutId: string): Date {
  const end = until?.getTime() ?? Number.NaN;
  const most = since === undefined ? MOST_JITTER : Math.min(MOST_JITTER, (end - since.getTime()) / 10);
  return new Date(end + Math.floor(most * shareOf(rolloutId)));
}

type Kept = { readonly deployment: DeploymentItem; readonly by: Frozen };

function waitFor(rollout: RolloutItem, stage: PlannedStage, frozen: readonly Kept[], { now }: When): Wait {
  const last = lastWait(rollout);
  const ends = ({ by }: Kept) => (by.until === undefined ? last : beginsAt(by, rollout.id));
  const [first] = frozen.toSorted((a, b) => ends(a).getTime() - ends(b).getTime());
  if (first === undefined) throw new RangeError('nothing is frozen');
  const names = frozen.map(({ deployment }) => deployment.environment);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  const { freeze, until, because } = first.by;
  return {
    action: 'wait',
    on: 'freeze',
    until: ends(first).toISOString(),
    ...(until === undefined && { again: new Date(now.getTime() + LOOK_AGAIN).toISOString() }),
    who:
      until === undefined
        ? `an operator: ${endingCommand(freeze)}`
        : `the clock, or an operator: ${endingCommand(freeze)}`,
    because: `stage ${stage.name}: ${shown} ${names.length === 1 ? 'is' : 'are'} frozen: ${because}`,
    stage: stage.name,
  };
}

/** 0 to 1, the same for the same text, scattered for similar ones: FNV-1a, finished as MurmurHash3 does, for FNV alone leaves the high bits alike. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
