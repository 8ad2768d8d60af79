/** Everything that a running stack keeps of what it did, as texts with where they stand: to look for what should be nowhere. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { cloudwatchLogs } from '../../local/aws/cloudwatch-logs.ts';
import { localClient } from '../../local/aws/local-clients.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';
import { type Canary, formsOf } from './canary-forms.ts';

export interface Place {
  readonly where: string;
  readonly text: string;
}

/** Table, objects with all their versions, executions with their histories, logs of functions, and the stack's own log files. */
export async function everythingKept(stack: RunningStack): Promise<readonly Place[]> {
  const all = await Promise.all([
    inTable(stack),
    inBuckets(stack),
    inMachines(stack),
    inLogs(stack),
    inFiles(stack.logs),
  ]);
  return all.flat();
}

export interface Hit {
  readonly canary: string;
  readonly where: string;
  readonly around: string;
}

/** Where a canary is, in whatever form. */
export function findCanaries(places: readonly Place[], canaries: readonly Canary[]): readonly Hit[] {
  const forms = canaries.flatMap((canary) => formsOf(canary).map((form) => ({ canary: canary.name, form })));
  return places.flatMap(({ where, text }) =>
    forms.flatMap(({ canary, form }) => {
      const at = text.indexOf(form);
      return at < 0 ? [] : [{ canary, where, around: text.slice(Math.max(0, at - 80), at + form.length + 40) }];
    }),
  );
}

async function inTable({ endpoint, outputs }: RunningStack): Promise<readonly Place[]> {
  const dynamodb = new DynamoDBClient(localClient(endpoint));
  const places: Place[] = [];
  let ExclusiveStartKey: ScanCommand['input']['ExclusiveStartKey'];
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName: outputs['TableName'], ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      places.push({ where: `table ${item['pk']?.S} ${item['sk']?.S}`, text: JSON.stringify(item) });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  dynamodb.destroy();
  return places;
}

async function inBuckets({ endpoint }: RunningStack): Promise<readonly Place[]> {
  const s3 = new S3Client({ ...localClient(endpoint), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const places: Place[] = [];
  // Code that was deployed says nothing of what was rolled out.
  for (const { Name: Bucket = '' } of Buckets.filter(({ Name }) => !Name?.startsWith('cdk-'))) {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1000 }));
    for (const { Key = '', VersionId } of Versions) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId !== 'null' && { VersionId }) }));
      places.push({ where: `s3 ${Bucket}/${Key}`, text: (await Body?.transformToString('latin1')) ?? '' });
    }
  }
  s3.destroy();
  return places;
}

async function inMachines({ endpoint }: RunningStack): Promise<readonly Place[]> {
  const sfn = new SFNClient(localClient(endpoint));
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const places: Place[] = [];
  for (const { stateMachineArn } of stateMachines) {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
    for (const { executionArn, name } of executions) {
      const about = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const history = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, includeExecutionData: true }),
      );
      places.push({ where: `execution ${name}`, text: JSON.stringify([about, history.events]) });
    }
  }
  sfn.destroy();
  return places;
}

async function inLogs({ endpoint }: RunningStack): Promise<readonly Place[]> {
  const logs = cloudwatchLogs(endpoint);
  const groups = await logs.groups('/');
  return await Promise.all(
    [...groups, ...(await logs.groups('fairlead'))].map(async (group) => {
      const events = await logs.events(group, 0, Date.now() + 60_000);
      return { where: `logs ${group}`, text: events.map(({ message }) => message).join('\n') };
    }),
  );
}

async function inFiles(folder: string): Promise<readonly Place[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => {
        const path = join(file.parentPath, file.name);
        return { where: `file ${path.slice(folder.length + 1)}`, text: await readFile(path, 'latin1') };
      }),
  );
}
