/**
 * What a process and its guard say to each other. Both ends are this very folder at this very version, on a channel that nobody else has, and the guard lives
 * beside every stack: so the messages are told apart by hand, and zod, which would be a fifth of the guard's memory, stays out of it.
 */

/** What the guard is asked to do. */
export type GuardRequest =
  | {
      readonly ask: 'start';
      readonly id: number;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
      readonly log: string;
    }
  | { readonly ask: 'stop'; readonly id: number; readonly graceMs: number };

/** How a child ended: exactly one of the two is not null, as in Node's `exit` event. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What the guard reports about a child, by the id it was asked to start it under. */
export type GuardReport =
  | { readonly report: 'started'; readonly id: number; readonly pid: number }
  | { readonly report: 'failed'; readonly id: number; readonly because: string }
  | { readonly report: 'exited'; readonly id: number; readonly end: ChildEnd };

/** Whether a message off the channel is a request. */
export function isGuardRequest(message: unknown): message is GuardRequest {
  return isObject(message) && (message['ask'] === 'start' || message['ask'] === 'stop');
}

/** Whether a message off the channel is a report. */
export function isGuardReport(message: unknown): message is GuardReport {
  return isObject(message) && ['started', 'failed', 'exited'].some((report) => report === message['report']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
