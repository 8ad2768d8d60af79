/** Does a freeze hold at a moment, until when, and when does it begin next? */
import type { FreezeWindow } from '../items/gates.ts';
import type { Calendar } from '../ports.ts';

export interface WindowAt {
  readonly held?: {
    readonly since?: Date;
    /** The first moment that is free again; absent when only a person ends it. */
    readonly until?: Date;
  };
  /** When it begins after that; absent when it does not. */
  readonly next?: Date;
}

/** Where `at` lies in a window. */
export function windowAt(window: FreezeWindow, at: Date, calendar: Calendar): WindowAt {
  switch (window.is) {
    case 'until-lifted':
      return { held: {} };
    case 'recurring':
      return calendar.around(window, at);
    case 'once': {
      const [since, until] = [new Date(window.from), new Date(window.to)];
      if (at < since) return { next: since };
      return at < until ? { held: { since, until } } : {};
    }
  }
}
