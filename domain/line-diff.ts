/** What changed between two texts, as `diff -u` shows it. */

export interface DiffNames {
  readonly before: string;
  readonly after: string;
}

const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/**
 * The changed lines between what both texts begin and end with, as one hunk with three lines around it; empty when they are the same.
 * Not the shortest diff when several places changed, but always a true one. https://www.gnu.org/software/diffutils/manual/html_node/Unified-Format.html
 */
export function lineDiff(before: string, after: string, names: DiffNames): readonly string[] {
  if (before === after) return [];
  const [old, now] = [linesOf(before), linesOf(after)];
  let first = 0;
  while (first < old.length && first < now.length && old[first] === now[first]) first++;
  let same = 0;
  while (same < Math.min(old.length, now.length) - first && old.at(-1 - same) === now.at(-1 - same)) same++;
  const begin = Math.max(0, first - CONTEXT);
  const around = old.slice(old.length - same, old.length - same + CONTEXT);
  const head = old.slice(begin, first);
  const [gone, come] = [old.slice(first, old.length - same), now.slice(first, now.length - same)];
  const size = (changed: number) => head.length + changed + around.length;
  const place = (count: number) => `${count === 0 ? begin : begin + 1},${count}`;
  return [
    `--- ${names.before}`,
    `+++ ${names.after}`,
    `@@ -${place(size(gone.length))} +${place(size(come.length))} @@`,
    ...shown(' ', head),
    ...shown('-', gone),
    ...shown('+', come),
    ...shown(' ', around),
  ];
}

/** Each line with its line break, so that a missing or another one is a difference. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function shown(mark: string, lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [mark + line.slice(0, -1).replace(/\r$/, '')] : [mark + line, NO_NEWLINE],
  );
}
