/** What rollouts cost: transitions of both machines and calls of functions. */
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { CallsByFunction, FunctionLogs, Span } from './count-calls.ts';
import { historyOf, transitionsIn } from './count-transitions.ts';
import type { Ran } from './run-rollout.ts';

export interface Machines {
  readonly rollout: string;
  readonly deployment: string;
}

export interface Cost {
  readonly rollouts: number;
  readonly deployments: number;
  /** Of the rollout machine, for one rollout. */
  readonly rolloutTransitions: number;
  /** Of the deployment machine, for one deployment. */
  readonly deploymentTransitions: number;
  /** Of all rollouts together. `answer-request` is whoever watches, `sweep-rollouts` the clock. */
  readonly calls: CallsByFunction;
}

/** Averages over these rollouts of `size` deployments each, of which nothing else ran at the same time. */
export async function costOf(
  sfn: SFNClient,
  machines: Machines,
  logs: FunctionLogs,
  rollouts: readonly Ran[],
): Promise<Cost> {
  let rollout = 0;
  let deployment = 0;
  let deployments = 0;
  for (const { id, events } of rollouts) {
    rollout += transitionsIn(await historyOf(sfn, executionArn(machines.rollout, `${id}-1`)));
    for (const environment of begun(events)) {
      deployments += 1;
      deployment += transitionsIn(await historyOf(sfn, executionArn(machines.deployment, `${id}-${environment}-1`)));
    }
  }
  return {
    rollouts: rollouts.length,
    deployments,
    rolloutTransitions: rollout / rollouts.length,
    deploymentTransitions: deployment / deployments,
    calls: together(rollouts.map((ran) => logs.callsIn(spanOf(ran)))),
  };
}

const begun = (events: Ran['events']) =>
  events.flatMap(({ kind, environment }) => (kind === 'deployment-begun' && environment ? [environment] : []));

/** Lines are filed when a call ends, a moment after its effect was seen. */
export const spanOf = ({ postedAt, endedAt }: Ran): Span => ({ from: postedAt, until: endedAt + 300 });

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machines.html (the two ARNs differ in one word) */
const executionArn = (machineArn: string, name: string) =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

function together(all: readonly CallsByFunction[]): CallsByFunction {
  const sum: Record<string, { calls: number; milliseconds: number }> = {};
  for (const one of all) {
    for (const [name, { calls, milliseconds }] of Object.entries(one)) {
      const before = sum[name] ?? { calls: 0, milliseconds: 0 };
      sum[name] = { calls: before.calls + calls, milliseconds: before.milliseconds + milliseconds };
    }
  }
  return sum;
}
