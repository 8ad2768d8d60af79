import type { RolloutItem } from '../../domain/items/rollout.ts';
import { catchUp } from '../../domain/rollout/number-news.ts';
import { isStill } from '../../domain/rollout/silent-run.ts';
import { isOpen } from '../../domain/states.ts';
import type { Deps } from './deps.ts';
import { endStranded } from './end-stranded.ts';
import { lastEventOf, startAgain } from './start-again.ts';
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
/** Rollouts that are looked at together. */
const AT_ONCE = 10;

/** Some rollouts could not be looked at. All others were; the alarm is for a person. */
export class SweptInPart extends Error {
  override readonly name = 'SweptInPart';
}

/**
 * Looks through everything that is open or not settled, and ends or goes on with what has lost its execution. One that
 * cannot be looked at (throttled, or its items do not go together) keeps nobody behind it from being swept.
 * @throws SweptInPart at the end, where there was such a one.
 */
export function sweepRollouts(deps: Deps) {
  return async (): Promise<Swept> => {
    const swept: Swept[] = [];
    const broken: string[] = [];
    const guarded = async (rollout: RolloutItem): Promise<void> => {
      try {
        swept.push(await sweep(deps, rollout));
      } catch (error) {
        deps.log.error('rollout not swept', { rolloutId: rollout.id, error });
        broken.push(rollout.id);
      }
    };
    let after: string | undefined;
    do {
      const page = await deps.table.openRollouts({ limit: A_PAGE, ...(after !== undefined && { after }) });
      for (let from = 0; from < page.items.length; from += AT_ONCE) {
        await Promise.all(page.items.slice(from, from + AT_ONCE).map(guarded));
      }
      after = page.next;
    } while (after !== undefined);
    if (broken.length > 0) throw new SweptInPart(sentence(broken));
    const sum = (count: (one: Swept) => number) => swept.reduce((total, one) => total + count(one), 0);
    return { started: sum((one) => one.started), ended: sum((one) => one.ended), woken: sum((one) => one.woken) };
  };
}

function sentence(broken: readonly string[]): string {
  const more = broken.length - 5;
  const named = `${broken.slice(0, 5).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${broken.length} rollout${broken.length === 1 ? '' : 's'} could not be swept: ${named}; the log says why`;
}

/** The list may be old: whatever is done looks again, consistently. */
async function sweep(deps: Deps, rollout: RolloutItem): Promise<Swept> {
  await catchUp(deps.table, deps.patience, rollout.id);
  if (!isOpen(rollout.state)) return { started: 0, ended: await endStranded(deps, rollout), woken: 0 };
  // A glance that is cheap enough for every rollout in every minute.
  const still = isStill((await lastEventOf(deps.table, rollout.id))?.at, deps.now());
  const ended = still ? await endStranded(deps, rollout) : 0;
  const suspect = still || rollout.state === 'accepted';
  const started = suspect && (await startAgain(deps, rollout)) ? 1 : 0;
  const woken = started === 0 && (await wakeForgotten(deps, rollout)) ? 1 : 0;
  return { started, ended, woken };
}
