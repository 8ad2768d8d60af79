import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ulid } from 'ulid';
import { digestKey } from '../../adapters/aws/digest-key.ts';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { ssmHistory } from '../../adapters/aws/ssm-history.ts';
import { ssmParameters } from '../../adapters/aws/ssm-parameters.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { parseEnv } from '../../contracts/env.ts';
import { Stages } from '../../contracts/stage.ts';
import { Env } from './env.ts';
import { rollOutValues } from './handler.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };
// 40 calls a second are all that an account has by default: it waits for its turn.
const ssm = new SSMClient({ ...client, maxAttempts: 10 });

export const handler = rollOutValues({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  parameters: ssmParameters({ client: ssm }),
  history: ssmHistory({ client: ssm }),
  digest: digestKey({ client: new SecretsManagerClient(client), secretArn: env.DIGEST_KEY_ARN }),
  layerRules: { prefix: env.VALUES_PREFIX, labelOrder: env.LABEL_ORDER.split(',').filter((label) => label !== '') },
  promotionOrder: env.PROMOTION_ORDER === '' ? undefined : Stages.parse(JSON.parse(env.PROMOTION_ORDER)),
  pace: { quietSeconds: env.QUIET_SECONDS, mostSeconds: env.MOST_SECONDS },
  sweepMinutes: env.SWEEP_MINUTES,
  account: env.ACCOUNT,
  newId: () => ulid(),
  patience: fullJitter(FOR_CONTENTION),
  now: () => new Date(),
  log: powertoolsLog('roll-out-values'),
});
