/** Effective values as people read them: a line a key, with where it comes from, and what is deployed where that differs. */
import type { EffectiveValue, EffectiveValues } from '../../contracts/api/effective.ts';
import type { Paint } from '../paint.ts';
import { clip, oneLine } from '../plain.ts';
import { table } from '../table.ts';

const WIDEST = 60;

type Shown = Pick<EffectiveValue, 'value' | 'secret' | 'digest'>;

/** A secret by the first digits of its keyed digest: enough to see that it is another one. */
export function valueText({ value, secret, digest }: Shown): string {
  if (secret === true) return `secret (digest ${short(digest ?? 'unknown')})`;
  return clip(oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')), WIDEST);
}

const short = (digest: string) => (digest.length > 24 ? `${digest.slice(0, 20)}…` : digest);

/** `changedOnly`: what is the same as what is deployed is left out. */
export function renderEffective(paint: Paint, view: EffectiveValues, changedOnly: boolean): string[] {
  const shown = view.values.filter(({ change }) => !changedOnly || (change !== undefined && change !== 'same'));
  const lines =
    shown.length === 0
      ? []
      : table(
          paint,
          ['KEY', 'VALUE', 'FROM', 'DEPLOYED'],
          shown.map((row) => rowOf(paint, row)),
        );
  return [
    ...lines,
    ...view.removed.map((row) =>
      paint('red', `- ${row.key}: ${valueText(row)} is deployed, and nothing sets it any more`),
    ),
    ...view.orphans.map(({ key, origin, because }) =>
      paint('yellow', `! ${key} is not used: ${because} (${origin.says})`),
    ),
    ...view.notes.map((note) => paint('dim', oneLine(note))),
    summaryOf(view),
  ];
}

function rowOf(paint: Paint, { key, origin, overrides, change, was, ...shown }: EffectiveValue): readonly string[] {
  const below = overrides.length === 0 ? '' : ` (over ${overrides.map((one) => one.origin.says).join(', ')})`;
  const colour = change === 'changed' || change === 'new' ? 'yellow' : undefined;
  const value = valueText(shown);
  return [
    key,
    colour === undefined ? value : paint(colour, value),
    clip(`${origin.says}${below}`, 2 * WIDEST),
    was !== undefined ? valueText(was) : change === 'new' ? 'not set' : change === 'same' ? 'same' : '',
  ];
}

function summaryOf({
  package: pkg,
  environment,
  version,
  deployed,
  values,
  removed,
  orphans,
}: EffectiveValues): string {
  const changed = values.filter(({ change }) => change === 'changed' || change === 'new').length + removed.length;
  const what = `${pkg} ${version} in ${environment}: ${values.length} value${values.length === 1 ? '' : 's'}`;
  const unused = orphans.length === 0 ? '' : `, ${orphans.length} not used`;
  if (deployed === undefined) return `${what}${unused}; nothing is deployed there`;
  const against = deployed === version ? 'what is deployed' : `${deployed}, which is deployed`;
  return `${what}${unused}; ${changed === 0 ? `the same as ${against}` : `${changed} differ${changed === 1 ? 's' : ''} from ${against}`}`;
}
