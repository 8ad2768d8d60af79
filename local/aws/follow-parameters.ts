import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { localClient } from './local-clients.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './ministack-environment.ts';
import { asAwsTells, parameterEvents, type Standing } from './parameter-events.ts';

/** What the follower needs of the local AWS. */
export interface ParameterWorld {
  look(): Promise<Standing>;
  /** Hands the event to whom EventBridge's rule would. */
  tell(event: object): Promise<void>;
  close(): void;
}

export interface FollowParametersOptions {
  /** MiniStack's. */
  readonly endpoint: string;
  /** @default 1000 */
  readonly everyMs?: number;
  /** For tests. @default MiniStack's */
  readonly world?: ParameterWorld;
  readonly now?: () => Date;
}

/**
 * Plays EventBridge's part in changes of values, which MiniStack leaves out. What could not be told this time is told the next.
 * What stands there already when it begins is no change.
 */
export async function followParameters(options: FollowParametersOptions): Promise<{ stop(): Promise<void> }> {
  const { everyMs = 1000, world = ministackWorld(options.endpoint), now = () => new Date() } = options;
  let known = await world.look();

  async function look(): Promise<void> {
    const found = await world.look();
    for (const event of parameterEvents(known, found)) {
      await world.tell(asAwsTells(event, { at: now(), region: LOCAL_REGION, account: LOCAL_ACCOUNT }));
      const how = found.get(event.name);
      known = new Map([...known].filter(([name]) => name !== event.name));
      if (how !== undefined) known = new Map([...known, [event.name, how]]);
    }
  }

  let running: Promise<void> | undefined;
  const lookOnce = () => {
    running ??= look()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const timer = setInterval(() => void lookOnce(), everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
      world.close();
    },
  };
}

const LAYER = /-service-helm-(values|secrets)/;
const FUNCTION = 'NoteChange';

function ministackWorld(endpoint: string): ParameterWorld {
  const ssm = new SSMClient(localClient(endpoint));
  const lambda = new LambdaClient(localClient(endpoint));
  const found = { name: '' };
  const functionName = async (): Promise<string> => {
    if (found.name !== '') return found.name;
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
    found.name = Functions.find(({ FunctionName = '' }) => FunctionName.includes(FUNCTION))?.FunctionName ?? '';
    if (found.name === '') throw new Error(`no function has '${FUNCTION}' in its name: is the app deployed?`);
    return found.name;
  };
  return {
    async look() {
      const standing = new Map<string, string>();
      let next: string | undefined;
      do {
        const { Parameters = [], NextToken } = await ssm.send(
          new DescribeParametersCommand({ MaxResults: 50, ...(next !== undefined && { NextToken: next }) }),
        );
        for (const { Name = '', Version, LastModifiedDate } of Parameters) {
          if (LAYER.test(Name)) standing.set(Name, `${Version} ${LastModifiedDate?.toISOString()}`);
        }
        next = NextToken;
      } while (next !== undefined);
      return standing;
    },
    async tell(event) {
      const FunctionName = await functionName();
      const Payload = JSON.stringify(event);
      await lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live', InvocationType: 'Event', Payload }));
    },
    close() {
      ssm.destroy();
      lambda.destroy();
    },
  };
}
