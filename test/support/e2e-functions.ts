/** The stack's functions, called by hand: to say twice what AWS may say twice, or what MiniStack does not say at all. */
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { localClient } from '../../local/aws/local-clients.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';

export interface Functions {
  /** Calls the one function whose name has `part` in it, and answers what it answered. @throws when it throws. */
  invoke(part: string, event: unknown): Promise<unknown>;
  /** While `work` is done, the function has no alias for machines to call. */
  whileAway<T>(part: string, work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** As root. */
export function functionsOf({ endpoint }: RunningStack): Functions {
  const lambda = new LambdaClient(localClient(endpoint));
  const nameOf = async (part: string) => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
    const found = Functions.flatMap(({ FunctionName = '' }) => (FunctionName.includes(part) ? [FunctionName] : []));
    if (found.length !== 1) throw new Error(`${found.length} functions have '${part}' in their names: ${found}`);
    return found[0] ?? '';
  };
  return {
    async invoke(part, event) {
      const FunctionName = await nameOf(part);
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
      );
      const answer = new TextDecoder().decode(Payload);
      if (FunctionError !== undefined) throw new Error(`${FunctionName} threw: ${answer}`);
      return JSON.parse(answer);
    },
    async whileAway(part, work) {
      const FunctionName = await nameOf(part);
      const alias = { FunctionName, Name: 'live' };
      const { FunctionVersion } = await lambda.send(new GetAliasCommand(alias));
      await lambda.send(new DeleteAliasCommand(alias));
      try {
        return await work();
      } finally {
        await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion }));
      }
    },
    close: () => lambda.destroy(),
  };
}
