import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { rruleCalendar } from '../../adapters/calendar/rrule-calendar.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { waysOf } from '../../domain/deployment/ways-of.ts';
import { DeployerArns, DeployerWays, Env } from './env.ts';
import { beginTry } from './handler.ts';

const env = parseEnv(Env, process.env);
const deployers = DeployerArns.parse(JSON.parse(env.DEPLOYER_ARNS));
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = beginTry({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  patience: fullJitter(FOR_CONTENTION),
  deployers,
  ways: waysOf(Object.keys(deployers), DeployerWays.parse(JSON.parse(env.DEPLOYER_WAYS)), env.INSTALLATION),
  now: () => new Date(),
  calendar: rruleCalendar(),
  log: powertoolsLog('begin-deployment'),
});
