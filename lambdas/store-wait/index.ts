import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { stepFunctions } from '../../adapters/aws/step-functions.ts';

import { rruleCalendar } from '../../adapters/calendar/rrule-calendar.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Env } from './env.ts';
import { storeWait } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = storeWait({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  machines: stepFunctions({ client: new SFNClient(client) }),

  patience: fullJitter(FOR_CONTENTION),
  now: () => new Date(),
  calendar: rruleCalendar(),
  log: powertoolsLog('store-wait'),
});
