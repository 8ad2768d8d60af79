/** Answers that are held until there is something to say. */
import type { Deps } from './deps.ts';

const POLL_MILLISECONDS = 150;

/** How many calls each process holds; the functions of one installation share nothing else. */
const waiting = new WeakMap<Deps, number>();

/** Waits until `isSo`, or `seconds` have passed; not at all when too many wait. */
export async function holdAnswer(deps: Deps, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const already = waiting.get(deps) ?? 0;
  if (seconds === 0 || already >= deps.mostWaiting) return;
  waiting.set(deps, already + 1);
  try {
    const deadline = deps.now().getTime() + seconds * 1000;
    while (!(await isSo())) {
      const left = deadline - deps.now().getTime();
      if (left <= 0) return;
      await deps.pause(Math.min(left, POLL_MILLISECONDS));
    }
  } finally {
    waiting.set(deps, (waiting.get(deps) ?? 1) - 1);
  }
}
