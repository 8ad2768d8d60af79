/** When is a gathered change acted on? When it has been quiet for a while, and at the latest some minutes after the first edit. */
import type { ChangeItem } from '../items/values.ts';

/** How bursts of edits are gathered (`values.quietSeconds` and `values.mostSeconds` of `fairlead.yaml`). */
export interface Pace {
  readonly quietSeconds: number;
  readonly mostSeconds: number;
}

export interface Due {
  readonly due: boolean;
  /** From when on it is acted on, as far as is known now. */
  readonly at: Date;
  readonly because: string;
}

/** Judges a change that is `gathering`. */
export function whenDue({ since, last }: Pick<ChangeItem, 'since' | 'last'>, pace: Pace, now: Date): Due {
  const quiet = Date.parse(last) + pace.quietSeconds * 1000;
  const most = Date.parse(since) + pace.mostSeconds * 1000;
  const at = new Date(Math.min(quiet, most));
  const due = at.getTime() <= now.getTime();
  if (!due) return { due, at, because: `edits are gathered until ${at.toISOString()}` };
  const because =
    quiet <= most ? `nothing was edited for ${pace.quietSeconds} s` : `edits have gone on for ${pace.mostSeconds} s`;
  return { due, at, because };
}
