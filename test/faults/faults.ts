/** What can go wrong, how likely, and how often it did. A scenario allows only some kinds, so that each is met alone, too. */
import type { Random } from './random.ts';
import type { Story } from './story.ts';

/** Each with its chance at every opportunity, in a scenario that allows it. */
const CHANCES = {
  // the table's stream
  'record-lost': 0.05,
  'record-twice': 0.08,
  'record-late': 0.08,
  'retry-queue-closed': 0.6,
  // functions
  'dies-before': 0.04,
  'dies-during': 0.08,
  'dies-after': 0.05,
  'answer-lost': 0.05,
  freezes: 0.04,
  overtaken: 0.12,
  'function-throttled': 0.05,
  'table-throttled': 0.01,
  'slow-table': 0.03,
  'clock-off': 0.5,
  // the platform around them
  'execution-stopped': 0.5,
  'end-untold': 0.7,
  'token-late': 0.15,
  'wake-fails': 0.1,
  'sweep-missed': 0.2,
  'parameters-throttled': 0.3,
  'registry-silent': 0.15,
  // clusters and people
  'helm-dies': 0.12,
  'cluster-vanishes': 0.5,
  'people-use-helm': 0.5,
  'parameters-change': 0.4,
  'hand-on-rollout': 0.8,
} as const;

export type FaultKind = keyof typeof CHANCES;
export const FAULT_KINDS = Object.keys(CHANCES) as readonly FaultKind[];
export type FaultCounts = Readonly<Partial<Record<FaultKind, number>>>;

export interface Faults {
  /** Whether it happens now. Whoever asks makes it happen, so that what is counted has happened. */
  strikes(kind: FaultKind, who: string): boolean;
  /** Whether every wake-up comes within moments. */
  readonly wakesReliably: boolean;
  /** From now on all is well. */
  end(): void;
  /** Whether nothing goes wrong any more. */
  readonly over: boolean;
  readonly counts: FaultCounts;
}

/** What can take a wake-up away, or hold it up for longer than a moment; the wait then ends by itself, as it says. */
const LOSES_WAKE_UPS: readonly FaultKind[] = [
  'record-lost',
  'record-late',
  'retry-queue-closed',
  'dies-before',
  'dies-during',
  'dies-after',
  'function-throttled',
  'table-throttled',
  'wake-fails',
];

/** What people do is no fault: it is not counted against how much may go wrong. */
const PEOPLE: readonly FaultKind[] = ['hand-on-rollout', 'people-use-helm', 'parameters-change'];

/** What a scenario is about: these kinds come often there, others seldom. `anything` has some of all. */
export const THEMES = {
  anything: [],
  frozen: ['freezes', 'answer-lost', 'helm-dies'],
  stopped: ['execution-stopped', 'answer-lost', 'dies-during', 'overtaken'],
  woken: ['overtaken', 'slow-table', 'token-late', 'record-twice'],
  steered: ['hand-on-rollout', 'overtaken', 'clock-off'],
  clusters: ['cluster-vanishes', 'people-use-helm', 'helm-dies', 'parameters-change'],
  dying: ['dies-before', 'dies-during', 'dies-after', 'record-lost', 'wake-fails', 'retry-queue-closed'],
} as const satisfies Readonly<Record<string, readonly FaultKind[]>>;
export type Theme = keyof typeof THEMES;

/** Some of the kinds, and at most some of them all together. In some scenarios no wake-up can be lost, so that none may be. */
export function faults(random: Random, story: Story, theme: Theme): Faults {
  const often: readonly FaultKind[] = THEMES[theme];
  const share = often.length > 0 ? 0.1 : random.pick([0.15, 0.35, 0.7]);
  const wakesReliably = theme === 'woken' || random.chance(0.3);
  const kinds = FAULT_KINDS.filter((kind) => !wakesReliably || !LOSES_WAKE_UPS.includes(kind));
  const allowed = new Set(
    kinds.filter((kind) => random.chance(PEOPLE.includes(kind) ? 0.5 : share) || often.includes(kind)),
  );
  const counts: Partial<Record<FaultKind, number>> = {};
  const intensity = random.pick([0.5, 1, 2]);
  const chanceOf = (kind: FaultKind) => Math.min(0.9, CHANCES[kind] * intensity * (often.includes(kind) ? 2 : 1));
  let calm = false;
  let left = random.pick([3, 6, 12, 30]);
  return {
    counts,
    wakesReliably,
    end() {
      calm = true;
    },
    get over() {
      return calm;
    },
    strikes(kind, who) {
      if (calm || (left <= 0 && !PEOPLE.includes(kind)) || !allowed.has(kind) || !random.chance(chanceOf(kind)))
        return false;
      if (!PEOPLE.includes(kind)) left -= 1;
      counts[kind] = (counts[kind] ?? 0) + 1;
      story.tell('!', () => `${kind} strikes ${who}`);
      return true;
    },
  };
}
