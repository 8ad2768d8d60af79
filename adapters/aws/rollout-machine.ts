/** Executions of the `rollout` machine. Their names say which run they are, so that a start that comes twice starts once. */
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { nameOfRun } from '../../contracts/ended-execution.ts';
import type { RolloutRun } from '../../contracts/machines.ts';
import type { Machines } from '../../domain/ports.ts';

export interface RolloutMachineProps {
  readonly client: SFNClient;
  readonly rolloutMachineArn: string;
}

/**
 * Starts runs of rollouts. AWS answers a repeated start with the running execution, or, once that is over, refuses the
 * name for 90 days (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export function rolloutMachine({ client, rolloutMachineArn }: RolloutMachineProps): Pick<Machines, 'startRollout'> {
  return {
    async startRollout(rolloutId, run) {
      const input: RolloutRun = { v: 1, rolloutId, run };
      try {
        await client.send(
          new StartExecutionCommand({
            stateMachineArn: rolloutMachineArn,
            name: nameOfRun(input),
            input: JSON.stringify(input),
          }),
        );
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'already';
        throw error;
      }
    },
  };
}
