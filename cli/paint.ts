/** Colour, where it is seen. */
import { styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

/** Paints when `on`, else leaves the text as it is. */
export function painter(on: boolean): Paint {
  return (colour, text) => (on ? styleText(colour, text, { validateStream: false }) : text);
}

const OF_STATE: Readonly<Record<string, Colour>> = {
  succeeded: 'green',
  deployed: 'green',
  skipped: 'cyan',
  failed: 'red',
  'rolled-back': 'red',
  blocked: 'red',
  errored: 'red',
  aborted: 'yellow',
  superseded: 'yellow',
  waiting: 'yellow',
  pending: 'dim',
};

const MARK: Readonly<Record<string, string>> = {
  succeeded: '✓',
  deployed: '✓',
  skipped: '–',
  failed: '✗',
  'rolled-back': '✗',
  blocked: '✗',
  errored: '!',
  aborted: '■',
  superseded: '■',
  pending: '·',
};

/** A state with its mark, in its colour. */
export function stateText(paint: Paint, state: string): string {
  return paint(OF_STATE[state] ?? 'bold', `${MARK[state] ?? '…'} ${state}`);
}
