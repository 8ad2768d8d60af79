import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';
import { localClient } from './local-clients.ts';

const Groups = z.object({
  logGroups: z.array(z.object({ logGroupName: z.string() })).default([]),
  nextToken: z.string().optional(),
});
const Events = z.object({
  events: z.array(z.object({ timestamp: z.int(), message: z.string() })).default([]),
  nextToken: z.string().optional(),
});
export type LogEvent = z.infer<typeof Events>['events'][number];

/** The two calls to CloudWatch Logs that the local stack makes: too few for the SDK's client, which is 400 kB of package. */
export interface CloudwatchLogs {
  groups(prefix: string): Promise<string[]>;
  /** Events from `fromMs` up to, not including, `untilMs`, oldest first. */
  events(group: string, fromMs: number, untilMs: number): Promise<LogEvent[]>;
}

export function cloudwatchLogs(endpoint: string): CloudwatchLogs {
  const { region, credentials } = localClient(endpoint);
  const signer = new SignatureV4({ service: 'logs', region, credentials, sha256: Sha256 });
  const url = new URL(endpoint);

  async function call(action: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    const signed = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Logs_20140328.${action}`,
      },
      body,
    });
    const answer = await fetch(url, {
      method: 'POST',
      headers: signed.headers,
      body,
      signal: AbortSignal.timeout(5_000),
    });
    if (!answer.ok) throw new Error(`${action} was answered ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  }

  return {
    async groups(prefix) {
      const found: string[] = [];
      for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
        const page = Groups.parse(await call('DescribeLogGroups', { logGroupNamePrefix: prefix, nextToken }));
        found.push(...page.logGroups.map(({ logGroupName }) => logGroupName));
        nextToken = page.nextToken;
      }
      return found;
    },
    async events(group, fromMs, untilMs) {
      const found: LogEvent[] = [];
      const range = { logGroupName: group, startTime: fromMs, endTime: untilMs - 1 };
      for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
        const page = Events.parse(await call('FilterLogEvents', { ...range, nextToken }));
        found.push(...page.events);
        nextToken = page.nextToken;
      }
      return found;
    },
  };
}
