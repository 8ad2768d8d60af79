/** Runs a program of the user's machine to its end: arguments as an array, a time limit, and its own words when it fails. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { NotDone } from '../contracts/not-done.ts';

const run = promisify(execFile);
/** More than any list of objects that helm prints. */
const MOST_BYTES = 10_000_000;
const MOST_LINES = 6;

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMilliseconds: number;
  /** Written to its standard input, which is then closed: how a password is handed over. */
  readonly input?: string;
}

/** How `execFile` says that it went wrong. https://nodejs.org/api/child_process.html#child_processexecfilefile-args-options-callback */
const Ended = z.object({
  code: z.union([z.string(), z.number()]).nullish(),
  killed: z.boolean().optional(),
  stderr: z.string().default(''),
  message: z.string(),
});

/** What the program printed. @throws NotDone with the last words of its stderr, named after the program and its first argument. */
export async function runProgram(program: Program): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { command, args, env, timeoutMilliseconds, input } = program;
  // SIGKILL, because a limit that the program may ignore is none.
  const options = { env, timeout: timeoutMilliseconds, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES } as const;
  const running = run(command, [...args], options);
  // A program that ends before it has read everything breaks the pipe: its exit code tells the story.
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input ?? '');
  try {
    return await running;
  } catch (error: unknown) {
    const words = wordsOf(Ended.parse(error), timeoutMilliseconds);
    throw new NotDone(`${basename(command)} ${args[0] ?? ''}: ${words}`, { cause: error });
  }
}

function wordsOf({ code, killed, stderr, message }: z.infer<typeof Ended>, timeoutMilliseconds: number): string {
  if (code === 'ENOENT') return 'there is no such program on this machine';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `printed more than ${MOST_BYTES} bytes and was stopped`;
  if (killed) return `was not done after ${timeoutMilliseconds / 1000} s and was stopped`;
  return lastWords(stderr) || (message.split('\n')[0] ?? '');
}

/** From the last line that is called an error on; without one, the last line. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').flatMap((line) => line.trim() || []);
  const from = lines.findLastIndex((line) => /^error\b/i.test(line));
  return lines
    .slice(from)
    .slice(0, MOST_LINES)
    .join(' ')
    .replace(/^error:\s*/i, '');
}
