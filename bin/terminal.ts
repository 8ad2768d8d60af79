/** The user's terminal, as the command line wants it. */
import { createLogUpdate } from 'log-update';
import type { Terminal } from '../cli/ports.ts';

/** stdout and stderr of this process. A reader that goes away (`| head`) ends nothing with a stack trace. Colour and redrawing only where a person sees them (https://no-color.org). */
export function terminalOf({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const seen = stderr.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb';
  const log = createLogUpdate(stderr);
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    out: (line) => stdout.write(`${line}\n`),
    err: (line) => stderr.write(`${line}\n`),
    // A terminal that does not know its size says 0 columns, and nothing drawn would be seen: it gets lines.
    live: seen && stderr.columns > 0,
    colour: seen && stdout.isTTY === true && !env['NO_COLOR'],
    get columns() {
      return stderr.columns || 120;
    },
    draw: (text) => log(text),
    done: () => log.done(),
  };
}
