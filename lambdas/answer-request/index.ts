import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ulid } from 'ulid';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { keepSecret } from '../../adapters/aws/keep-secret.ts';
import { lambdaInspect, lambdaRevisions } from '../../adapters/aws/lambda-inspect.ts';
import { lambdaFreezeView, lambdaValues } from '../../adapters/aws/lambda-values.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { s3Objects } from '../../adapters/aws/s3-objects.ts';
import { ssmSelfService } from '../../adapters/aws/ssm-self-service.ts';
import { ssmSourceSettings } from '../../adapters/aws/ssm-source-settings.ts';
import { rruleCalendar } from '../../adapters/calendar/rrule-calendar.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { githubKeys } from '../../adapters/github/github-keys.ts';
import { verifyGithubToken } from '../../adapters/github/verify-token.ts';
import { TOKEN_AUDIENCE } from '../../contracts/api/github-token.ts';
import { parseEnv } from '../../contracts/env.ts';
import { FasitDeploy } from '../../contracts/fasit-deploy.ts';
import { Stages } from '../../contracts/stage.ts';
import { DeployerArns, Env } from './env.ts';
import { answerRequest } from './handler.ts';

const env = parseEnv(Env, process.env);
const now = () => new Date();
/** API Gateway gives up after 29 s: a call that hangs must fail before. */
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };
const ssm = new SSMClient(client);
const s3 = new S3Client({ ...client, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });

// Asked once: who looks does so again by himself. The port ends the call.
const lambda = new LambdaClient({ ...client, maxAttempts: 1, requestHandler: { connectionTimeout: 2000 } });
const deployers = {
  client: lambda,
  deployers: new Map(Object.entries(DeployerArns.parse(JSON.parse(env.DEPLOYER_ARNS)))),
  timeoutMs: 25_000,
};

export const handler = answerRequest({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  patience: fullJitter(FOR_CONTENTION),
  now,
  calendar: rruleCalendar(),
  newId: () => ulid(),
  evidence: s3Objects({ client: s3, bucket: env.EVIDENCE_BUCKET }),
  plans: s3Objects({ client: s3, bucket: env.PLANS_BUCKET }),
  sourceSettings: ssmSourceSettings({ client: ssm, prefix: env.SOURCES_PREFIX, now }),
  selfService: ssmSelfService({ client: ssm, name: env.SELF_SERVICE, now }),
  verifyToken: verifyGithubToken({
    issuer: env.GITHUB_ISSUER,
    audience: TOKEN_AUDIENCE,
    keys: githubKeys({ url: env.GITHUB_KEYS_URL, now }),
    now,
  }),
  inspect: lambdaInspect(deployers),
  readRevisions: lambdaRevisions(deployers),
  freezeView: lambdaFreezeView({ client: lambda, planner: env.PLANNER_ARN, timeoutMs: 12_000 }),
  // Both fit into the 29 s that API Gateway waits.
  askValues: lambdaValues({ ...deployers, timeoutMs: 14_000 }),
  keepSecret: keepSecret({ client: ssm, keyId: env.SECRETS_KEY_ID === '' ? undefined : env.SECRETS_KEY_ID }),
  pause: (milliseconds) => wait(milliseconds),
  mostWaiting: 10,
  log: powertoolsLog('answer-request'),
  installation: {
    rolePrefix: env.ROLE_PREFIX,
    account: env.ACCOUNT,
    region: env.REGION,
    chartRegistry: env.CHART_REGISTRY,
    rolloutMachineArn: env.ROLLOUT_MACHINE_ARN,
    values: {
      prefix: env.VALUES_PREFIX,
      labelOrder: env.LABEL_ORDER.split(',').filter(Boolean),
      bucket: env.VALUES_BUCKET,
    },
    promotionOrder: env.PROMOTION_ORDER === '' ? undefined : Stages.parse(JSON.parse(env.PROMOTION_ORDER)),
    deployers: env.DEPLOYERS.split(','),
    clusterAccounts: env.CLUSTER_ACCOUNTS.split(',').filter(Boolean),
    fasitDeploy: env.FASIT_DEPLOY === '' ? undefined : FasitDeploy.parse(JSON.parse(env.FASIT_DEPLOY)),
  },
});
