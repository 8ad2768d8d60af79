/** Columns that line up, whatever colours their cells have. */
import stringWidth from 'string-width';
import type { Paint } from './paint.ts';

/** Rows under a head, two spaces between columns, nothing behind the last. */
export function table(paint: Paint, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === head.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)),
      )
      .join('  ')
      .trimEnd();
  return [paint('dim', line(head)), ...rows.map(line)];
}
