import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { DeployerArns, Env } from './env.ts';
import { beginTry } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = beginTry({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  patience: fullJitter(FOR_CONTENTION),
  deployers: DeployerArns.parse(JSON.parse(env.DEPLOYER_ARNS)),
  now: () => new Date(),
  log: powertoolsLog('begin-deployment'),
});
