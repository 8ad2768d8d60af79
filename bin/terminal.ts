/** The user's terminal, as the command line wants it. */
import { createLogUpdate } from 'log-update';
import type { Terminal } from '../cli/ports.ts';

/** stdout and stderr of this process. Colour and redrawing only where a person sees them (https://no-color.org). */
export function terminalOf({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const seen = stderr.isTTY === true && env['CI'] === undefined;
  const log = createLogUpdate(stderr);
  return {
    out: (line) => stdout.write(`${line}\n`),
    err: (line) => stderr.write(`${line}\n`),
    live: seen,
    colour: seen && stdout.isTTY === true && env['NO_COLOR'] === undefined,
    columns: stderr.columns ?? 120,
    draw: (text) => log(text),
    done: () => log.done(),
  };
}
