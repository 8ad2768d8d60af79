import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { sqsRetryQueue } from '../../adapters/aws/retry-queue.ts';
import { startExecutions } from '../../adapters/aws/start-executions.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Env } from './env.ts';
import { startRollout } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

export const handler = startRollout({
  machines: startExecutions({
    client: new SFNClient(client),
    rolloutMachineArn: env.ROLLOUT_MACHINE_ARN,
    planMachineArn: env.PLAN_MACHINE_ARN,
  }),
  retry: sqsRetryQueue({ client: new SQSClient(client), queueUrl: env.RETRY_QUEUE_URL }),
  log: powertoolsLog('start-rollout'),
});
