/** A crashing container lives this long, each time. */
export const LIFE_MS = 300;
/** The back-off of kubelet: none before the first restart, then 10 s, doubled with each crash, at most 5 minutes. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;

/** Where a crashing container is in its loop. */
export interface CrashLoop {
  readonly state: 'running' | 'backing-off';
  /** How often it was started again. */
  readonly restarts: number;
  /** When the present or last life began, and the present back-off: milliseconds since the pod's start. */
  readonly bornMs: number;
  readonly backOffMs: number;
  /** The back-off before the present or last life; 0 for the first. */
  readonly previousBackOffMs: number;
  /** Milliseconds until the state changes. */
  readonly changesInMs: number;
}

/** Where a container that crashes right after each start is, `ageMs` after the pod's start. */
export function crashLoopAt(ageMs: number): CrashLoop {
  let bornMs = 0;
  let backOffMs = 0;
  let previousBackOffMs = 0;
  for (let restarts = 0; ; restarts += 1) {
    const diesMs = bornMs + LIFE_MS;
    const seen = { restarts, bornMs, backOffMs, previousBackOffMs };
    if (ageMs < diesMs) return { ...seen, state: 'running', changesInMs: diesMs - ageMs };
    const bornAgainMs = diesMs + backOffMs;
    if (ageMs < bornAgainMs) return { ...seen, state: 'backing-off', changesInMs: bornAgainMs - ageMs };
    bornMs = bornAgainMs;
    previousBackOffMs = backOffMs;
    backOffMs = backOffMs === 0 ? FIRST_BACK_OFF_MS : Math.min(backOffMs * 2, LONGEST_BACK_OFF_MS);
  }
}
