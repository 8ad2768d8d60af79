import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { ssmHistory } from '../../adapters/aws/ssm-history.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Env } from './env.ts';
import { noteChange } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = noteChange({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  history: ssmHistory({ client: new SSMClient({ ...client, maxAttempts: 10 }) }),
  prefix: env.VALUES_PREFIX,
  patience: fullJitter(FOR_CONTENTION),
  now: () => new Date(),
  log: powertoolsLog('note-change'),
});
