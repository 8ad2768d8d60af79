/** Starts executions of the `rollout` and `plan` machines. Their names say what they are for, so that a start that comes twice starts once. */
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { nameOfPlan, nameOfRun } from '../../contracts/ended-execution.ts';
import type { RolloutRun } from '../../contracts/machines.ts';
import type { PlanRun } from '../../contracts/plan-machine.ts';
import type { Machines } from '../../domain/ports.ts';

export interface StartExecutionsProps {
  readonly client: SFNClient;
  readonly rolloutMachineArn: string;
  readonly planMachineArn: string;
}

/**
 * Starts runs of rollouts, and plans. AWS answers a repeated start with the running execution, or, once that is over, refuses the
 * name for 90 days (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export function startExecutions(props: StartExecutionsProps): Pick<Machines, 'startRollout' | 'startPlan'> {
  const { client, rolloutMachineArn, planMachineArn } = props;
  const start = async (stateMachineArn: string, name: string, input: RolloutRun | PlanRun) => {
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'already';
      throw error;
    }
  };
  return {
    startRollout: (rolloutId, run) => {
      const input: RolloutRun = { v: 1, rolloutId, run };
      return start(rolloutMachineArn, nameOfRun(input), input);
    },
    startPlan: (planId, pkg) => {
      const input: PlanRun = { v: 1, planId, package: pkg };
      return start(planMachineArn, nameOfPlan(input), input);
    },
  };
}
