/** What was said at a rollout's gates, for people: who approved or refused what, and what checks reported. Pure. */
import type { GateView } from '../../contracts/api/approval.ts';
import type { RolloutView } from '../../contracts/api/rollout.ts';
import type { Paint } from '../paint.ts';
import { oneLine, plain } from '../plain.ts';

/** A line a gate that is asked about or was passed, and one for each word that was said there. */
export function gateLines(paint: Paint, { stages }: Pick<RolloutView, 'stages'>): string[] {
  return stages.flatMap(({ name, size, gate }) => {
    if (gate === undefined || size === 0) return [];
    const head = `gate of ${name} ${paint(COLOUR[gate.state], gate.state)}: ${plain(gate.because)}`;
    return [head, ...gate.given.map((given) => `  ${wordOf(paint, given)}`), ...gate.reported.map(reportOf)];
  });
}

const COLOUR = { open: 'green', closed: 'yellow', passed: 'dim' } as const;

function wordOf(
  paint: Paint,
  { identity, by, decision, reason, breakGlass, at, counts }: GateView['given'][number],
): string {
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  const emergency = breakGlass === undefined ? '' : ` ${paint('red', `BREAK-GLASS: ${oneLine(breakGlass)}`)}`;
  const past = decision === 'approve' && !counts ? ' (does not count any more)' : '';
  return `${decision === 'approve' ? 'approved' : 'refused'} by ${oneLine(by)} as ${oneLine(identity)} at ${at}${why}${past}${emergency}`;
}

function reportOf({ name, state, description, url, by, at }: GateView['reported'][number]): string {
  const more = [description, url].filter((text) => text !== undefined).map(oneLine);
  return `  ${name} ${state}, reported by ${oneLine(by)} at ${at}${more.length === 0 ? '' : `: ${more.join(' ')}`}`;
}
