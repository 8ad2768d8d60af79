/** Lambda calls and helm's starts, counted from what MiniStack keeps of every function's log. */
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { cloudwatchLogs, type LogEvent } from '../aws/cloudwatch-logs.ts';
import { localClient } from '../aws/local-clients.ts';

/** A stretch of time, milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface FunctionCalls {
  readonly calls: number;
  /** All calls together, as the emulator bills them. */
  readonly milliseconds: number;
}

/** By the folder under lambdas/, `answer-request` for one. */
export type CallsByFunction = Readonly<Record<string, FunctionCalls>>;

export interface FunctionLogs {
  callsIn(span: Span): CallsByFunction;
  /** When the deployer started helm to change something, milliseconds since 1970, in order. */
  helmStarts(span: Span): number[];
}

const DESCRIBED = /^Fairlead: (\S+)$/;
/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
const REPORT = /^REPORT RequestId: \S+\tDuration: ([\d.]+) ms/;
/** What adapters/helm/fenced-helm.ts writes when helm is done. */
const HelmEnded = z.object({
  timestamp: z.iso.datetime(),
  message: z.literal('helm upgrade ended'),
  milliseconds: z.number(),
});

/** Reads all logs once. Invocations' lines are filed when they end, so ask when everything is over. */
export async function readFunctionLogs(endpoint: string, since: number): Promise<FunctionLogs> {
  const logs = cloudwatchLogs(endpoint);
  const lines = new Map<string, LogEvent[]>();
  for (const [folder, group] of await logGroups(endpoint)) {
    lines.set(folder, await logs.events(group, since, Date.now() + 1));
  }
  const within = (events: readonly LogEvent[], { from, until }: Span) =>
    events.filter(({ timestamp }) => timestamp >= from && timestamp <= until);
  return {
    callsIn(span) {
      const counted = [...lines].map(([folder, events]): [string, FunctionCalls] => {
        const took = within(events, span).flatMap(({ message }) => REPORT.exec(message)?.[1] ?? []);
        return [folder, { calls: took.length, milliseconds: took.reduce((sum, ms) => sum + Number(ms), 0) }];
      });
      return Object.fromEntries(counted.filter(([, { calls }]) => calls > 0));
    },
    helmStarts(span) {
      const ends = within(lines.get('deploy-release') ?? [], span).flatMap(({ message }) => helmEnd(message) ?? []);
      return ends.map(({ timestamp, milliseconds }) => Date.parse(timestamp) - milliseconds).toSorted((a, b) => a - b);
    },
  };
}

function helmEnd(line: string): z.infer<typeof HelmEnded> | undefined {
  if (!line.includes('helm upgrade ended')) return undefined;
  return HelmEnded.safeParse(JSON.parse(line)).data;
}

/** Each function's log group by the folder that its description names. */
async function logGroups(endpoint: string): Promise<[string, string][]> {
  const lambda = new LambdaClient(localClient(endpoint));
  try {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
    return Functions.flatMap(({ LoggingConfig, Description }): [string, string][] => {
      const folder = DESCRIBED.exec(Description ?? '')?.[1];
      return folder === undefined || LoggingConfig?.LogGroup === undefined ? [] : [[folder, LoggingConfig.LogGroup]];
    });
  } finally {
    lambda.destroy();
  }
}
