import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { stepFunctionsExecutions } from '../../adapters/aws/executions.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { stepFunctions } from '../../adapters/aws/step-functions.ts';
import { rruleCalendar } from '../../adapters/calendar/rrule-calendar.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Env } from './env.ts';
import { sweepRollouts } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

const machines = new SFNClient(client);

export const handler = sweepRollouts({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  executions: stepFunctionsExecutions({
    client: machines,
    rolloutMachineArn: env.ROLLOUT_MACHINE_ARN,
    deploymentMachineArn: env.DEPLOYMENT_MACHINE_ARN,
  }),
  machines: stepFunctions({ client: machines }),
  patience: fullJitter(FOR_CONTENTION),
  now: () => new Date(),
  calendar: rruleCalendar(),
  log: powertoolsLog('sweep-rollouts'),
});
