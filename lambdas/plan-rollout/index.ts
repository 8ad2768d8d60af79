import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { archiveCharts } from '../../adapters/aws/archive-charts.ts';
import { chartsByPlace } from '../../adapters/aws/charts-by-place.ts';
import { digestKey } from '../../adapters/aws/digest-key.ts';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { ociCharts } from '../../adapters/aws/oci-charts.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { s3Archives } from '../../adapters/aws/s3-archives.ts';
import { s3Objects } from '../../adapters/aws/s3-objects.ts';
import { s3SpilledLayers } from '../../adapters/aws/s3-spilled-layers.ts';
import { ssmParameters } from '../../adapters/aws/ssm-parameters.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { readChart } from '../../adapters/helm/read-chart.ts';
import { httpsArchives } from '../../adapters/net/https-archives.ts';
import { packedEngine } from '../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../adapters/templates/template-engine.ts';
import { parseEnv } from '../../contracts/env.ts';
import { readFeature } from '../../contracts/feature.ts';
import { type PlannerStory, plannerStory } from '../../contracts/planner-call.ts';
import { DeployerArns, Env } from './env.ts';
import { finishPlan } from './finish-plan.ts';
import { freezePlan } from './freeze-plan.ts';
import { freezeView } from './freeze-view.ts';
import { planRollout } from './handler.ts';
import { noteReads } from './note-reads.ts';

const env = parseEnv(Env, process.env);
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 5000 } };

const plainHttp = env.CHARTS_PLAIN_HTTP === 'true';
const local = process.env['AWS_ENDPOINT_URL'] !== undefined;
const s3 = new S3Client({ ...client, forcePathStyle: local });
const plans = s3Objects({ client: s3, bucket: env.PLANS_BUCKET });

const byHttps = httpsArchives({ plainHttp });
// A bucket of charts may be in another region than the installation.
const byS3 = s3Archives({ client: new S3Client({ ...client, forcePathStyle: local, followRegionRedirects: true }) });
const archivesAt = (place: string) => (place.startsWith('s3://') ? byS3 : byHttps);
const charts = chartsByPlace({
  oci: ociCharts({ plainHttp, ecr: (region) => new ECRClient({ ...client, region }) }),
  copied: archiveCharts({ copies: plans, archivesAt }),
  archivesAt,
});

const table = dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME });
const now = () => new Date();
const log = powertoolsLog('plan-rollout');
const engine = templateEngine({ wasm: packedEngine });
const deps = {
  table,
  noteReads: noteReads({ table, engine, now, log }),
  plans,
  spilled: s3SpilledLayers({ client: s3, bucket: env.VALUES_BUCKET }),
  // 40 calls a second are all that an account has by default: planning waits for its turn.
  parameters: ssmParameters({ client: new SSMClient({ ...client, maxAttempts: 10 }) }),
  charts,
  newest: charts.newest,
  readChart: readChart({ readFeature }),
  digest: digestKey({ client: new SecretsManagerClient(client), secretArn: env.DIGEST_KEY_ARN }),
  canonical: canonicalJson,
  layerRules: { prefix: env.VALUES_PREFIX, labelOrder: env.LABEL_ORDER.split(',').filter((label) => label !== '') },
  deployers: DeployerArns.parse(JSON.parse(env.DEPLOYER_ARNS)),
  chartPatience: fullJitter({ tries: 4, baseMilliseconds: 500, capMilliseconds: 4000 }),
  patience: fullJitter(FOR_CONTENTION),
  now,
  log,
};
const stories = {
  view: freezeView(deps),
  'freeze-plan': freezePlan(deps),
  'finish-plan': finishPlan(deps),
  'plan-rollout': planRollout(deps),
} satisfies Record<PlannerStory, (event: unknown) => Promise<unknown>>;

export const handler = (event: unknown): Promise<unknown> => stories[plannerStory(event)](event);
