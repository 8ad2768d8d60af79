/** The end of the step: the rollout's own, or ours because time is over or somebody cancelled the job. */
import { EXIT } from '../contracts/outcome-table.ts';
import type { Api } from './api.ts';
import type { Followed } from './follow.ts';
import { logLine } from './harmless.ts';
import type { Inputs } from './inputs.ts';
import type { Ports } from './ports.ts';
import { exitOf, report } from './report.ts';
import { Stopped } from './stopped.ts';

/** What the API takes. */
const MOST_REASON = 1000;

export interface Ending {
  readonly api: Api;
  readonly id: string;
  readonly inputs: Inputs;
  readonly followed: Followed;
}

/** Tells outputs, summary and annotations, and answers the exit code. */
export async function tell(ports: Ports, { api, id, inputs, followed }: Ending): Promise<number> {
  if (followed === 'over') {
    const rollout = await api.rollout(id);
    await report(ports, api, { rollout });
    return exitOf(rollout);
  }
  if (followed === 'cancelled') return await endCancelled(ports, { api, id, inputs });
  const rollout = await api.rollout(id);
  const minutes = inputs['timeout-minutes'];
  const link = rollout.console === undefined ? '' : ` See it: ${rollout.console}`;
  const note = `not over after ${minutes} minute${minutes === 1 ? '' : 's'}, it is ${rollout.state} and goes on.${link}`;
  ports.runner.error(`rollout ${id} of ${rollout.package} is ${note}`, 'Fairlead: out of time');
  await report(ports, api, { rollout, note });
  return EXIT.timeout;
}

/** A few seconds are left before the runner kills the step: first what matters, then what is nice to have. */
async function endCancelled(ports: Ports, { api, id, inputs }: Omit<Ending, 'followed'>): Promise<number> {
  const { runner, env } = ports;
  const aborting = inputs['abort-on-cancel'];
  if (aborting) {
    try {
      await api.abort(id, reasonIn(env));
      runner.info(logLine(`job cancelled: abort of rollout ${id} is asked for; what is under way ends by itself`));
    } catch (error: unknown) {
      // It was over already, or nobody hears us: the person who cancelled has to know.
      if (!(error instanceof Error)) throw error;
      const exit = error instanceof Stopped ? error.exit : EXIT.unavailable;
      runner.error(`the abort of rollout ${id} was not accepted: ${error.message}`, 'Fairlead: cancelled');
      return exit;
    }
  } else {
    runner.warning(
      `job cancelled: rollout ${id} goes on. Stop it with 'fairlead abort ${inputs.package} ${id}'; 'abort-on-cancel: true' does that by itself`,
      'Fairlead: cancelled',
    );
  }
  const note = aborting ? 'the job was cancelled: abort asked for' : 'the job was cancelled; the rollout goes on';
  await report(ports, api, { rollout: await api.rollout(id), note });
  return aborting ? EXIT['superseded or aborted'] : EXIT.interrupted;
}

function reasonIn(env: Ports['env']): string {
  const [repository, run] = [env['GITHUB_REPOSITORY'] ?? 'somewhere', env['GITHUB_RUN_ID'] ?? '?'];
  return `its job was cancelled (${repository}, run ${run})`.slice(0, MOST_REASON);
}
