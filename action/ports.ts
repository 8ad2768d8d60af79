/** What the Action is handed: nothing here but `main.ts` touches the runner's process. */

/** The runner's own commands and files, as `@actions/core` has them. */
export interface Runner {
  /** A line of the log. It must not be able to be a command: see `logLine`. */
  info(line: string): void;
  startGroup(name: string): void;
  endGroup(): void;
  /** Annotations; the text is escaped by the runner's library. */
  error(text: string, title: string): void;
  warning(text: string, title: string): void;
  /** From now on the runner shows `***` in its place. */
  setSecret(secret: string): void;
  setOutput(name: 'rollout' | 'state' | 'url', value: string): void;
  /** Adds to the job's summary. */
  summary(markdown: string): Promise<void>;
}

/** Time and chance, passed in so that tests need neither. */
export interface Timing {
  now(): number;
  /** Lets milliseconds pass; ends early when the job is cancelled. */
  pause(milliseconds: number): Promise<void>;
  /** Aborts after milliseconds: the longest that one try may take. */
  timeout(milliseconds: number): AbortSignal;
  /** 0–1, for full jitter. */
  random(): number;
}

export interface Ports {
  /** The variables of the step: inputs, GitHub's own, perhaps AWS credentials. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: Runner;
  readonly timing: Timing;
  /** A file of the workspace. */
  readonly readFile: (path: string) => Promise<string>;
  /** Aborts when the job is cancelled. */
  readonly cancelled: AbortSignal;
}
