/** Waits until a plan is worked out, and says that it is being worked on. */
import type { PlanView } from '../../contracts/api/plan.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import type { Ports } from '../ports.ts';
import { LeftRunning } from './follow.ts';

/** The API holds its answer so long; shorter where the time that has passed is drawn. */
const HOLD_SECONDS = 20;
const DRAWN_SECONDS = 2;
/** The API answers at once when too many wait. Asking again just as fast would make that worse. */
const BREATH_MILLISECONDS = 1000;

export interface WatchingPlan {
  readonly api: FairleadApi;
  readonly pkg: string;
  readonly id: string;
  /** When to stop waiting, in milliseconds of the clock. */
  readonly deadline: number;
}

/** The plan once it is over, or as it is at the deadline. @throws LeftRunning at Ctrl-C: it is worked out to its end. */
export async function watchPlan(ports: Ports, watching: WatchingPlan): Promise<PlanView> {
  const { terminal, now } = ports;
  const began = now().getTime();
  try {
    for (;;) {
      const asked = now().getTime();
      const plan = await askOnce(ports, watching);
      if (plan.state !== 'working' || now().getTime() >= watching.deadline) return plan;
      const seconds = Math.round((now().getTime() - began) / 1000);
      if (terminal.live) terminal.draw(`plan ${plan.id} of ${plan.package} ${plan.version}: working, ${seconds} s`);
      if (now().getTime() - asked < BREATH_MILLISECONDS) await ports.pause(BREATH_MILLISECONDS);
    }
  } finally {
    terminal.done();
  }
}

async function askOnce(
  { terminal, now, interrupted }: Ports,
  { api, pkg, id, deadline }: WatchingPlan,
): Promise<PlanView> {
  const left = Math.max(0, Math.ceil((deadline - now().getTime()) / 1000));
  const wait = Math.min(left, terminal.live ? DRAWN_SECONDS : HOLD_SECONDS);
  const plan = await api.plan(pkg, id, { wait, signal: interrupted }).catch((error: unknown) => {
    throw interrupted.aborted ? new LeftRunning() : error;
  });
  if (interrupted.aborted) throw new LeftRunning();
  return plan;
}
