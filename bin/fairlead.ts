/** The command line `fairlead`: wires `cli/` to the world. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ulid } from 'ulid';
import { run } from '../cli/run.ts';
import { askOn } from './ask.ts';
import { localStackCommands } from './local-stack.ts';
import { portsOf, type World } from './ports.ts';
import { readSecretOn } from './read-secret.ts';
import { terminalOf } from './terminal.ts';

/** A terminal tells everyone of Ctrl-C, and npm tells its child once more: one press may arrive several times. */
const SAME_PRESS_MILLISECONDS = 500;

const interrupt = new AbortController();
let pressed: number | undefined;
process.on('SIGINT', () => {
  pressed ??= Date.now();
  interrupt.abort();
  // A second press ends at once, whatever is still being waited for.
  if (Date.now() - pressed > SAME_PRESS_MILLISECONDS) process.exit(130);
});
process.once('SIGTERM', () => interrupt.abort());

const world: World = {
  terminal: terminalOf(process),
  env: process.env,
  interrupted: interrupt.signal,
  readFile: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
  newKey: () => `cli-${ulid()}`,
  now: () => new Date(),
  ask: askOn(process),
  readSecret: readSecretOn(process),
};

process.exitCode = await run(process.argv.slice(2), portsOf(world, localStackCommands(world)));
// A process that runs out of work gives SIGINT back its usual meaning a moment before it is gone: the same press, told once more, would kill it then.
if (interrupt.signal.aborted) process.exit();
