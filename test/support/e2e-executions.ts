/** Executions of the stack's machines, ended from outside as somebody does in the console, where no Catch runs. */
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import { localClient } from '../../local/aws/local-clients.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';
import type { Functions } from './e2e-functions.ts';

export interface Executions {
  stop(machine: 'Rollout' | 'Deployment', name: string): Promise<void>;
  /**
   * MiniStack tells EventBridge of every execution but those that `startExecution.sync:2` started, which AWS tells of too: what the rule would
   * hand on is said by hand. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
   */
  tellOfChild(rolloutId: string, environment: string): Promise<void>;
  close(): void;
}

/** As root. */
export function executionsOf(stack: RunningStack, functions: Functions): Executions {
  const machines = new SFNClient(localClient(stack.endpoint));
  const arnOf = (machine: string) => stack.outputs[`${machine}MachineArn`] ?? '';
  const executionArn = (machine: string, name: string) =>
    `${arnOf(machine).replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    async stop(machine, name) {
      await machines.send(new StopExecutionCommand({ executionArn: executionArn(machine, name), cause: 'by hand' }));
    },
    async tellOfChild(rolloutId, environment) {
      const name = `${rolloutId}-${environment}-1`;
      const input = JSON.stringify({ v: 1, rolloutId, environment, attempt: 1 });
      const event = {
        source: 'aws.states',
        'detail-type': 'Step Functions Execution Status Change',
        detail: {
          executionArn: executionArn('Deployment', name),
          stateMachineArn: arnOf('Deployment'),
          name,
          status: 'ABORTED',
          input,
        },
      };
      expect(await functions.invoke('FinishDeployment', event)).toMatchObject({ outcome: 'finished' });
      // EventBridge tells at least once.
      expect(await functions.invoke('FinishDeployment', event)).toMatchObject({ outcome: 'already-over' });
    },
    close: () => machines.destroy(),
  };
}
