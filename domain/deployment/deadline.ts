/** Until when must a whole deployment be over, its roll-back included? From then on others may take its lease. */
import type { Executor } from '../items/registry.ts';

const MINUTE = 60_000;
/** Beside two readiness timeouts (apply and roll back): two calls of 15 minutes, and waits for the unreachable. */
const MARGIN = 35 * MINUTE;
/**
 * Beside helm's own waiting, which takes one readiness timeout more: a build may stand in CodeBuild's queue, find the
 * account's limit reached before that, and die and be followed by another.
 */
const BUILD_MARGIN = 90 * MINUTE;

/** @param now when it begins, or is sent on to a build */
export function deadlineOf(timeoutMinutes: number, executor: Executor, now: Date): Date {
  const inFunction = now.getTime() + 2 * timeoutMinutes * MINUTE + MARGIN;
  return new Date(executor === 'lambda' ? inFunction : inFunction + timeoutMinutes * MINUTE + BUILD_MARGIN);
}
