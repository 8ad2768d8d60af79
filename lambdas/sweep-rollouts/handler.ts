import type { RolloutItem } from '../../domain/items/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import type { Deps } from './deps.ts';
import { endStranded } from './end-stranded.ts';
import { startAgain } from './start-again.ts';
import { wakeForgotten } from './wake-forgotten.ts';

/** How much of each was done. */
export interface Swept {
  /** Rollouts that got a new run. */
  readonly started: number;
  /** Deployments that nobody carried on. */
  readonly ended: number;
  /** Waits whose end nobody had told. */
  readonly woken: number;
}

const A_PAGE = 100;

/** Looks through everything that is open or not settled, and ends or goes on with what has lost its execution. */
export function sweepRollouts(deps: Deps) {
  return async (): Promise<Swept> => {
    const swept = { started: 0, ended: 0, woken: 0 };
    let after: string | undefined;
    do {
      const page = await deps.table.openRollouts({ limit: A_PAGE, ...(after !== undefined && { after }) });
      for (const rollout of page.items) {
        const one = await sweep(deps, rollout);
        swept.started += one.started;
        swept.ended += one.ended;
        swept.woken += one.woken;
      }
      after = page.next;
    } while (after !== undefined);
    return swept;
  };
}

/** The list may be old: whatever is done looks again, consistently. */
async function sweep(deps: Deps, rollout: RolloutItem): Promise<Swept> {
  const ended = await endStranded(deps, rollout);
  if (!isOpen(rollout.state)) return { started: 0, ended, woken: 0 };
  const started = (await startAgain(deps, rollout)) ? 1 : 0;
  const woken = started === 0 && (await wakeForgotten(deps, rollout)) ? 1 : 0;
  return { started, ended, woken };
}
