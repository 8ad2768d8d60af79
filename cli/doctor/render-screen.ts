import type { Finding, FindingState } from '../../domain/doctor/finding.ts';
import type { Colour, Paint } from '../paint.ts';
import { plain } from '../plain.ts';
import { condense } from './condense.ts';

const MARKS: Readonly<Record<FindingState, readonly [string, Colour]>> = {
  ok: ['✓ ok  ', 'green'],
  warn: ['! warn', 'yellow'],
  fail: ['✗ fail', 'red'],
  skipped: ['– skip', 'dim'],
};

/** One screen: a head for each thing that was looked at, a line for each check, the fix below what needs one, and the sum. */
export function renderScreen(paint: Paint, findings: readonly Finding[]): readonly string[] {
  const shown = condense(findings);
  const width = Math.max(...shown.map((one) => labelOf(one).length));
  let head = '';
  const lines = shown.flatMap((one) => {
    const about = [one.area, one.of].filter((part) => part !== undefined).join(' ');
    const [mark, colour] = MARKS[one.state];
    const line = `  ${paint(colour, mark)}  ${labelOf(one).padEnd(width)}  ${plain(one.says)}`;
    const fix = one.fix === undefined ? [] : [`          ${' '.repeat(width)}${paint('cyan', `→ ${plain(one.fix)}`)}`];
    const before = about === head ? [] : [...(head === '' ? [] : ['']), paint('bold', about)];
    head = about;
    return [...before, line, ...fix];
  });
  return [...lines, '', sumOf(shown)];
}

const labelOf = ({ check, package: pkg }: Finding) => (pkg === undefined ? check : `${check} ${pkg}`);

/** `12 ok, 1 warning, 0 failed`. */
export function sumOf(findings: readonly Finding[]): string {
  const count = (state: FindingState) => findings.filter((one) => one.state === state).length;
  const [warnings, skipped] = [count('warn'), count('skipped')];
  const parts = [
    `${count('ok')} ok`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${count('fail')} failed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return parts.join(', ');
}
