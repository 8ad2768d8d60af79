/** Asks whoever sits at the terminal. */
import { createInterface } from 'node:readline/promises';
import type { Ports } from '../cli/ports.ts';

/** A yes is a yes; anything else, Ctrl-C and the end of the input too, is a no. Undefined where nobody can answer, or nobody sees the question. */
export function askOn({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Ports['ask'] {
  return async (question) => {
    if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
    const lines = createInterface({ input: stdin, output: stderr });
    const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
    try {
      const answer = await Promise.race([lines.question(question), closed]);
      // Nobody pressed return: what is said next stands on a line of its own all the same.
      if (answer === undefined) stderr.write('\n');
      return /^\s*y(es)?\s*$/i.test(answer ?? '');
    } finally {
      lines.close();
    }
  };
}
