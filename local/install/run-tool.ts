import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program that runs to its end. */
export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Hears each line of stderr as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What it said and how it ended. `code` is null when it was killed or could not be started; `because` then says why. */
export interface ToolEnd {
  readonly code: number | null;
  readonly stdout: string;
  /** The last lines of stderr. */
  readonly stderr: string;
  readonly because: string | undefined;
}

const KEPT_LINES = 40;

/** Runs a program to its end, by an argument list and never by a shell. A program that is missing, fails or takes too long is an answer, not an exception. */
export function runTool({ command, args, cwd, env, timeoutMs, onLine }: ToolRun): Promise<ToolEnd> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let timedOut = false;
    const lines: string[] = [];
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine?.(line);
    });
    const end = (code: number | null, because: string | undefined) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr: lines.join('\n'), because });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code, signal) => {
      if (timedOut) end(null, `took longer than ${Math.round(timeoutMs / 1000)} s`);
      else end(code, signal === null ? undefined : `was ended by ${signal}`);
    });
  });
}

/** `runTool` for what must succeed. @returns its stdout. @throws naming the command and the last words of its stderr. */
export async function mustRun(run: ToolRun): Promise<string> {
  const end = await runTool(run);
  if (end.code === 0) return end.stdout;
  const how = end.because ?? `ended with code ${end.code}`;
  throw new Error(
    `${run.command} ${run.args.slice(0, 3).join(' ')} ${how}${end.stderr === '' ? '' : `:\n${end.stderr}`}`,
  );
}
