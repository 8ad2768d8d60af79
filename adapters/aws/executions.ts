/** Looks at executions by their names (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html). */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { nameOfRun, nameOfTry } from '../../contracts/ended-execution.ts';
import type { Executions, Life } from '../../domain/ports.ts';

export interface ExecutionsProps {
  readonly client: SFNClient;
  readonly rolloutMachineArn: string;
  readonly deploymentMachineArn: string;
}

/** The port on Step Functions. */
export function stepFunctionsExecutions(props: ExecutionsProps): Executions {
  const { client, rolloutMachineArn, deploymentMachineArn } = props;
  const lifeOf = async (machineArn: string, name: string): Promise<Life> => {
    const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      const { status } = await client.send(
        new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }),
      );
      // One that waits to be redriven by hand is over for us: people's work is retried as a new execution.
      return status === 'RUNNING' ? 'running' : 'over';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'unknown';
      throw error;
    }
  };
  return {
    ofRun: (rolloutId, run) => lifeOf(rolloutMachineArn, nameOfRun({ rolloutId, run })),
    ofTry: (rolloutId, environment, attempt) =>
      lifeOf(deploymentMachineArn, nameOfTry({ rolloutId, environment, attempt })),
  };
}
