/** What happened in one scenario, for people to read: told only when somebody listens, for thousands are never read. */

export interface Story {
  /** One line: who did what, because of what. `what` is only asked when the story is kept. */
  tell(who: string, what: () => string): void;
  readonly lines: readonly string[];
}

/** A story by this clock; without `kept` nothing is written down. */
export function story(now: () => Date, start: Date, kept: boolean): Story {
  const lines: string[] = [];
  return {
    lines,
    tell(who, what) {
      if (kept) lines.push(`${elapsed(now().getTime() - start.getTime())}  ${who.padEnd(22)} ${what()}`);
    },
  };
}

/** `1:02:03.456` after the beginning. */
function elapsed(milliseconds: number): string {
  const pad = (n: number, digits = 2) => String(Math.floor(n)).padStart(digits, '0');
  const seconds = milliseconds / 1000;
  const clock = `${pad(seconds / 3600)}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${clock}.${pad(milliseconds % 1000, 3)}`;
}
