import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type GuardReport, type GuardRequest, isGuardReport } from './guard-messages.ts';
import { killGroup } from './kill-group.ts';
import { waitUntil } from './wait-until.ts';

/** Hears what happens to one child. */
export type ReportListener = (report: GuardReport) => void;

/**
 * Our end of the guard's channel: one guard for all children of this process, started with the first of them.
 * It keeps this process alive only while a child runs.
 */
class GuardChannel {
  private readonly listeners = new Map<number, ReportListener>();
  private readonly pids = new Map<number, number>();
  private guard: ChildProcess | undefined;
  private lastId = 0;

  /** Asks for a start; every report about that child goes to `listener` until it ended or failed to start. */
  start(request: Omit<GuardRequest & { ask: 'start' }, 'ask' | 'id'>, listener: ReportListener): number {
    this.lastId += 1;
    const id = this.lastId;
    this.listeners.set(id, listener);
    this.send({ ask: 'start', id, ...request });
    this.holdOrLetGo();
    return id;
  }

  /** Asks for an end: SIGTERM to the child's group, SIGKILL `graceMs` later. */
  stop(id: number, graceMs: number): void {
    if (this.listeners.has(id)) this.send({ ask: 'stop', id, graceMs });
  }

  /** Pids of the guard and of all children that run, for who wants to see them gone later. */
  running(): number[] {
    const guard = this.guard?.pid;
    return [...(guard === undefined ? [] : [guard]), ...this.pids.values()];
  }

  /** Ends all children, those too that are started meanwhile, and answers when the last is gone. For a process that is about to end. */
  async stopAll(graceMs: number): Promise<void> {
    const stopNew = async () => {
      for (const id of this.listeners.keys()) this.stop(id, graceMs);
      return this.listeners.size === 0 ? true : undefined;
    };
    await waitUntil(stopNew, { what: 'the children to end', deadlineMs: graceMs + 5_000 });
  }

  private send(request: GuardRequest): void {
    const guard = this.guard ?? this.open();
    guard.send(request, (error) => {
      if (error !== null) this.lost(`its guard could not be reached: ${error.message}`);
    });
  }

  private open(): ChildProcess {
    const guard = fork(join(import.meta.dirname, 'guard.ts'), [], {
      detached: true,
      // A parent's --inspect, --import or test loader has no business in the guard.
      execArgv: ['--max-old-space-size=64'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    guard.unref();
    guard.on('message', (message: unknown) => {
      if (isGuardReport(message)) this.hear(message);
    });
    guard.once('exit', (code, signal) => this.lost(`its guard ended (${signal ?? `code ${code}`})`));
    this.guard = guard;
    return guard;
  }

  private hear(report: GuardReport): void {
    const listener = this.listeners.get(report.id);
    if (report.report === 'started') {
      this.pids.set(report.id, report.pid);
    } else {
      this.pids.delete(report.id);
      this.listeners.delete(report.id);
    }
    listener?.(report);
    this.holdOrLetGo();
  }

  /** Without its guard nobody would end a child, so we do it now rather than leave it. */
  private lost(because: string): void {
    this.guard = undefined;
    for (const [id, listener] of [...this.listeners]) {
      const pid = this.pids.get(id);
      this.listeners.delete(id);
      this.pids.delete(id);
      if (pid === undefined) {
        listener({ report: 'failed', id, because });
      } else {
        killGroup(pid, 'SIGKILL');
        listener({ report: 'exited', id, end: { code: null, signal: 'SIGKILL' } });
      }
    }
  }

  private holdOrLetGo(): void {
    if (this.listeners.size > 0) this.guard?.channel?.ref();
    else this.guard?.channel?.unref();
  }
}

/** The one guard of this process. */
export const guardChannel = new GuardChannel();
