/** From words to an exit code: find the command, parse its flags, run it, and say plainly what went wrong. */
import { parseArgs } from 'node:util';
import { ApiUnreachable, CredentialsMissing } from '../contracts/api/client.ts';
import { NotDone } from '../contracts/not-done.ts';
import { type Call, COMMON_FLAGS, type Command, type Flag } from './command.ts';
import { COMMANDS } from './commands.ts';
import { Failed, Refused, WrongInvocation } from './failure.ts';
import { helpOf, overview } from './help.ts';
import { plain } from './plain.ts';
import type { Ports } from './ports.ts';

const EXIT = { ok: 0, error: 2, unavailable: 5, wrongInvocation: 6, internal: 7, interrupted: 130 } as const;

/** Runs one command line. Never throws; what went wrong is said on stderr. */
export async function run(words: readonly string[], ports: Ports): Promise<number> {
  const { terminal } = ports;
  const argv = withoutHelpFirst(words);
  const command = COMMANDS.filter(({ name }) => saysName(argv, name)).sort((a, b) => b.name.length - a.name.length)[0];
  if (command === undefined) return withoutCommand(argv, ports);
  try {
    const call = parse(command, argv.slice(command.name.split(' ').length));
    if (call.flags['help'] === true) {
      terminal.out(helpOf(command));
      return EXIT.ok;
    }
    checkCount(command, call);
    return await command.run(call, ports);
  } catch (error: unknown) {
    if (ports.interrupted.aborted && error instanceof Error && error.name === 'AbortError') return EXIT.interrupted;
    return said(error, command, ports, argv.includes('--debug'));
  }
}

const saysName = (argv: readonly string[], name: string) => name.split(' ').every((word, i) => argv[i] === word);

/** `help freeze add` is `freeze add --help`. */
function withoutHelpFirst(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  return first === 'help' && rest.some((word) => !word.startsWith('-')) ? [...rest, '--help'] : words;
}

function withoutCommand(argv: readonly string[], { terminal }: Ports): number {
  const [first] = argv;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    terminal.out(overview(COMMANDS));
    return first === undefined ? EXIT.wrongInvocation : EXIT.ok;
  }
  const near = COMMANDS.filter(({ name }) => name.startsWith(first)).map(({ name }) => `'fairlead ${name}'`);
  terminal.err(
    `error: there is no command '${argv
      .filter((word) => !word.startsWith('-'))
      .slice(0, 2)
      .join(' ')}': ${near.length > 0 ? `try ${near.join(', ')}` : "'fairlead --help' lists them"}`,
  );
  return EXIT.wrongInvocation;
}

function parse(command: Command, args: readonly string[]): Call {
  const options = Object.fromEntries(
    Object.entries<Flag>({ ...command.flags, ...COMMON_FLAGS }).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      tokens: true,
    });
    checkOnce(command, tokens);
    return { positionals, flags: values as Call['flags'], json: values['json'] === true };
  } catch (error: unknown) {
    if (error instanceof WrongInvocation) throw error;
    // parseArgs' own advice, in further sentences and lines, is about things that we do not have.
    const said = error instanceof Error ? (error.message.split(/\.?\s*\n|\. /)[0] ?? '') : String(error);
    throw new WrongInvocation(`${said.charAt(0).toLowerCase()}${said.slice(1)}`);
  }
}

/** parseArgs would let the last one win, and something else would be written than half of the words say. */
function checkOnce({ flags }: Command, tokens: readonly { kind: string; name?: string; value?: unknown }[]): void {
  const seen = new Set<string>();
  for (const { kind, name, value } of tokens) {
    if (kind !== 'option' || name === undefined || value === undefined || flags?.[name]?.multiple) continue;
    if (seen.has(name)) throw new WrongInvocation(`--${name} is given twice: give it once`);
    seen.add(name);
  }
}

function checkCount({ takes: [least, most], usage, name }: Command, { positionals, flags }: Call): void {
  if (flags['help'] === true) return;
  if (positionals.length < least) throw new WrongInvocation(`an argument is missing: fairlead ${name} ${usage}`);
  const extra = positionals[most];
  if (extra !== undefined)
    throw new WrongInvocation(`'${extra}' is one argument too many: ${`fairlead ${name} ${usage}`.trimEnd()}`);
}

function said(error: unknown, { name }: Command, { terminal }: Ports, debug: boolean): number {
  const [exit, lines] = wordsFor(error, name);
  for (const line of lines) terminal.err(plain(line));
  if (debug) for (let e = error; e instanceof Error; e = e.cause) terminal.err(plain(e.stack ?? e.message));
  return exit;
}

function wordsFor(error: unknown, name: string): [number, readonly string[]] {
  if (error instanceof WrongInvocation) {
    return [EXIT.wrongInvocation, [`error: ${error.message}`, `'fairlead ${name} --help' says how it is used`]];
  }
  if (error instanceof Refused) return [error.exit, error.lines.map((line, i) => (i === 0 ? `error: ${line}` : line))];
  if (error instanceof Failed) return [error.exit, [`error: ${error.message}`]];
  if (error instanceof NotDone) return [EXIT.error, [`error: ${error.message}`]];
  if (error instanceof ApiUnreachable) return [EXIT.unavailable, [`error: ${error.message}`]];
  if (error instanceof CredentialsMissing) return [EXIT.wrongInvocation, [`error: ${error.message}`]];
  const message = error instanceof Error ? error.message : String(error);
  return [EXIT.internal, [`error: ${message}`, '--debug shows where it comes from']];
}
