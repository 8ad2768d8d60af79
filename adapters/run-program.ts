/** Runs a program of the user's machine to its end: arguments as an array, a time limit, and its own words when it fails. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMilliseconds: number;
  /** Written to its standard input, which is then closed: how a password is handed over. */
  readonly input?: string;
}

/** What the program printed. @throws Error with the last line of what it said on stderr, named after the program. */
export async function runProgram(program: Program): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { command, args, env, timeoutMilliseconds, input } = program;
  const running = run(command, [...args], { env, timeout: timeoutMilliseconds, maxBuffer: 10_000_000 });
  running.child.stdin?.end(input ?? '');
  try {
    return await running;
  } catch (error: unknown) {
    throw new Error(`${command} ${args[0] ?? ''}: ${wordsOf(error)}`, { cause: error });
  }
}

function wordsOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'killed' in error && error.killed === true)
    return 'took too long and was stopped';
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  return said.split('\n').at(-1) || (error instanceof Error ? error.message : String(error));
}
