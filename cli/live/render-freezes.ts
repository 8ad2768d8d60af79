/** Freezes as lines: which hold, until when, and who passed them. Pure. */
import type { FreezeView, FrozenView } from '../../contracts/api/freeze.ts';
import type { RolloutSummary } from '../../contracts/api/rollout.ts';
import { endingCommand } from '../../domain/freezes/holding.ts';
import type { Paint } from '../paint.ts';
import { oneLine, plain } from '../plain.ts';

const MOST_NAMES = 5;

/** What a rollout that has just been accepted will wait on; nothing where nothing is frozen. */
export function frozenLines(paint: Paint, frozen: readonly FrozenView[] = []): string[] {
  return frozen.map(({ freeze, reason, by, until, environments }) => {
    const shown = environments.slice(0, MOST_NAMES).join(', ');
    const more = environments.length > MOST_NAMES ? ` and ${environments.length - MOST_NAMES} more` : '';
    const end = until === undefined ? 'until it is lifted' : `until ${until}`;
    const ways = `'${endingCommand({ name: freeze })}' ends it`;
    return paint(
      'yellow',
      `frozen: ${shown}${more} ${end} by freeze ${freeze} (${plain(by)}: ${oneLine(reason)}); ${ways}`,
    );
  });
}

/** That somebody passed freezes, and why; nothing of other rollouts. */
export function overrideLines(paint: Paint, { override }: Pick<RolloutSummary, 'override'>): string[] {
  if (override === undefined) return [];
  return [paint('yellow', `in spite of freezes, by ${plain(override.by)}: ${oneLine(override.reason)}`)];
}

/** What a freeze is about: `every package in ring=prod`. */
export function scopeText({ target, packages }: Pick<FreezeView, 'target' | 'packages'>): string {
  const labels = Object.entries(target).map(([key, value]) => `${key}=${value}`);
  const where = labels.length === 0 ? 'everywhere' : `in ${labels.join(',')}`;
  return `${packages === undefined ? 'every package' : packages.join(', ')} ${where}`;
}

/** When it holds, as it was asked for. */
export function windowText({ window }: Pick<FreezeView, 'window'>): string {
  if (window.is === 'until-lifted') return 'until lifted';
  if (window.is === 'once') return `${window.from} to ${window.to}`;
  return `${window.rule} from ${window.start} (${window.timeZone}) for ${window.duration}`;
}
