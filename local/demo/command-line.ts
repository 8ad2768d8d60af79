/** The command line `fairlead`, as the demo calls it: the very one that users have, in this process. */
export type CommandLine = (argv: readonly string[]) => Promise<CommandAnswer>;

export interface CommandAnswer {
  /** Exit code. */
  readonly code: number;
  /** What it printed on stdout. */
  readonly out: string;
  readonly err: string;
}

/** Runs a command that has to succeed. @throws with the command and what it said. */
export async function mustRun(run: CommandLine, ...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await run(argv);
  if (code === 0) return out;
  throw new Error(
    `fairlead ${argv.join(' ')} ended ${code}: ${err
      .split('\n')
      .filter((line) => !line.startsWith('fairlead: '))
      .join(' ')}`,
  );
}
