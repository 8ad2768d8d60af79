/**
 * The guard: a small process that starts our long-running children and outlives us just long enough to end them.
 *
 * A parent that is killed with SIGKILL cannot clean up. So it does not start its children itself: it asks this process, over a channel that the kernel
 * closes when the parent dies, however it dies. The guard runs in a session of its own, so Ctrl-C on the terminal reaches the parent only.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers';
import { type GuardReport, type GuardRequest, isGuardRequest } from './guard-messages.ts';
import { killGroup } from './kill-group.ts';

/** How long children may take to end once the parent is gone, in milliseconds. */
const ORPHAN_GRACE_MS = 3_000;

const children = new Map<number, ChildProcess>();

function report(message: GuardReport): void {
  // The parent may be gone between two messages; the disconnect below deals with that.
  if (process.connected) process.send?.(message, () => undefined);
}

function start({ id, command, args, env, cwd, log }: GuardRequest & { ask: 'start' }): void {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  const child = spawn(command, [...args], { cwd, env, stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  children.set(id, child);
  child.once('spawn', () => {
    if (child.pid !== undefined) report({ report: 'started', id, pid: child.pid });
  });
  child.once('error', (error) => {
    children.delete(id);
    report({ report: 'failed', id, because: error.message });
    leaveWhenAlone();
  });
  child.once('exit', (code, signal) => {
    children.delete(id);
    // What the child itself left running has nobody else to end it.
    if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    report({ report: 'exited', id, end: { code, signal } });
    leaveWhenAlone();
  });
}

function stop(child: ChildProcess, graceMs: number): void {
  const { pid } = child;
  if (pid === undefined) return;
  killGroup(pid, 'SIGTERM');
  const deadline = after(() => killGroup(pid, 'SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(deadline));
}

function leaveWhenAlone(): void {
  if (!process.connected && children.size === 0) process.exit(0);
}

process.on('message', (request: unknown) => {
  if (!isGuardRequest(request))
    throw new Error(`the guard was asked for something it does not know: ${JSON.stringify(request)}`);
  if (request.ask === 'start') {
    try {
      start(request);
    } catch (error: unknown) {
      report({ report: 'failed', id: request.id, because: error instanceof Error ? error.message : String(error) });
    }
    return;
  }
  const child = children.get(request.id);
  if (child !== undefined) stop(child, request.graceMs);
});

process.on('disconnect', () => {
  for (const child of children.values()) stop(child, ORPHAN_GRACE_MS);
  leaveWhenAlone();
});

// A polite end of the guard itself must not leave its children behind either.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (process.connected) process.disconnect();
  });
}
