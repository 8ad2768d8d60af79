/** Watches a rollout that a command has started, and says how it ended: what `rollout`, `rollback` and `retry` share. */
import type { RolloutView } from '../../contracts/api/rollout.ts';
import { EXIT, exitOfRollout } from '../../contracts/outcome-table.ts';
import type { Call, Flag } from '../command.ts';
import { duration, given, text } from '../flags.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import { type Following, follow, LeftRunning, StillRunning } from './follow.ts';
import { renderFailures, summaryLine } from './render-rollout.ts';

/** How long a started rollout is watched, if at all. */
export const WATCH_FLAGS = {
  timeout: { type: 'string', value: 'TIME', says: 'how long to watch (default 30m); the rollout goes on' },
  'no-wait': { type: 'boolean', says: 'start it and return' },
} as const satisfies Record<string, Flag>;

export const START_FLAGS = {
  ...WATCH_FLAGS,
  'idempotency-key': { type: 'string', value: 'K', says: 'a repeated start with this key starts nothing new' },
} as const satisfies Record<string, Flag>;

/** When to stop watching, counted from now. Ask before anything is started: a wrong flag must not leave a rollout behind. @throws WrongInvocation */
export function deadlineOf({ flags }: Call, ports: Ports): number {
  return ports.now().getTime() + duration(text(flags, 'timeout') ?? '30m', 'timeout') * 1000;
}

/** Watches it, or says where it stands for who does not want to wait. Answers the exit code. */
export async function watchOrLeave(call: Call, ports: Ports, following: Following): Promise<number> {
  const { api, pkg, id } = following;
  if (given(call.flags, 'no-wait')) {
    const found = await api.rollout(pkg, id);
    ports.terminal.err(waysOf(following));
    return sayEnd(call, ports, found, EXIT.success);
  }
  return await watchToEnd(call, ports, following);
}

const waysOf = ({ pkg, id }: Following) =>
  `See it: fairlead status ${pkg} ${id}   Stop it: fairlead abort ${pkg} ${id}`;

/** Answers the exit code. Whoever stops watching, or runs out of time to, leaves the rollout running and is told how to find it. */
async function watchToEnd(call: Call, ports: Ports, following: Following): Promise<number> {
  const { api, pkg, id } = following;
  try {
    const ended = await follow(ports, following);
    return sayEnd(call, ports, ended, exitOfRollout(ended));
  } catch (error: unknown) {
    const still = error instanceof StillRunning ? 'is still running and ' : '';
    ports.terminal.err(`rollout ${id} ${still}goes on. ${waysOf(following)}`);
    if (error instanceof LeftRunning) return EXIT.interrupted;
    if (still === '') throw error;
    return sayEnd(call, ports, await api.rollout(pkg, id), EXIT.timeout);
  }
}

/** The rollout as it is now: one JSON document, or its failures and one clear last line. Answers `exit`. */
function sayEnd(call: Call, { terminal }: Ports, ended: RolloutView, exit: number): number {
  if (call.json) terminal.out(JSON.stringify(finalObject(ended), undefined, 2));
  else {
    const paint = painter(terminal.colour);
    for (const line of renderFailures(paint, ended)) terminal.err(line);
    if (RETRIED.includes(ended.state)) terminal.err(paint('dim', retryLine(ended)));
    terminal.out(summaryLine(ended));
  }
  return exit;
}

const RETRIED: readonly RolloutView['state'][] = ['failed', 'errored'];

const retryLine = ({ package: pkg, id }: RolloutView) =>
  `when the cause is mended, what failed is tried again with the same inputs: fairlead retry ${pkg} ${id}`;

/** The rollout, and at its top the objects at fault. */
function finalObject(ended: RolloutView) {
  const objects = ended.deployments.flatMap(({ environment, outcome }) =>
    (outcome?.objects ?? []).map((object) => ({ environment, ...object })),
  );
  return { ...ended, ...(objects.length > 0 && { objects }) };
}
