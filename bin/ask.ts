/** Asks whoever sits at the terminal. */
import { createInterface } from 'node:readline/promises';
import type { Ports } from '../cli/ports.ts';

/** A yes is a yes; anything else, Ctrl-C and the end of the input too, is a no. Undefined where nobody can answer, or nobody sees the question. */
export function askOn({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Ports['ask'] {
  return async (question) => {
    if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
    const lines = createInterface({ input: stdin, output: stderr });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    try {
      return /^\s*y(es)?\s*$/i.test(await Promise.race([lines.question(question), closed]));
    } finally {
      lines.close();
    }
  };
}
