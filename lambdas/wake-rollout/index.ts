import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { sqsRetryQueue } from '../../adapters/aws/retry-queue.ts';
import { stepFunctions } from '../../adapters/aws/step-functions.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Env } from './env.ts';
import { wakeRollout } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = wakeRollout({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  machines: stepFunctions({ client: new SFNClient(client) }),
  retry: sqsRetryQueue({ client: new SQSClient(client), queueUrl: env.RETRY_QUEUE_URL }),
  log: powertoolsLog('wake-rollout'),
});
