/** Waits of the state machines, ended by their task tokens (https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html). */
import { SendTaskSuccessCommand, type SFNClient, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import type { Machines } from '../../domain/ports.ts';

export interface StepFunctionsProps {
  readonly client: SFNClient;
}

/** Answers task tokens. A token that nobody waits on any more is an answer (`gone`), not an error: wake-ups may come twice and late. */
export function stepFunctions({ client }: StepFunctionsProps): Pick<Machines, 'wake'> {
  return {
    async wake(token) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
        return 'woken';
      } catch (error) {
        if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut) return 'gone';
        throw error;
      }
    },
  };
}
