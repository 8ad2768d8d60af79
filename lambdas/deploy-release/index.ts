import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { assumedRoles } from '../../adapters/aws/assumed-roles.ts';
import { type ClusterConnection, type Credentials, clusterAccess } from '../../adapters/aws/cluster-access.ts';
import { describeCluster } from '../../adapters/aws/describe-cluster.ts';
import { digestKey } from '../../adapters/aws/digest-key.ts';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { ociCharts } from '../../adapters/aws/oci-charts.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { s3Objects } from '../../adapters/aws/s3-objects.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { fencedHelm } from '../../adapters/helm/fenced-helm.ts';
import { lookAtHelm } from '../../adapters/helm/look-at-helm.ts';
import { readLayer } from '../../adapters/helm/read-layer.ts';
import { helmReleases } from '../../adapters/helm/read-release.ts';
import { sweepFolders } from '../../adapters/helm/sweep-folders.ts';
import { accessReviews } from '../../adapters/kube/access-reviews.ts';
import { connect } from '../../adapters/kube/connect.ts';
import { probeWay } from '../../adapters/kube/probe-way.ts';
import { parseEnv } from '../../contracts/env.ts';
import { InspectInput, isInspection } from '../../contracts/inspection.ts';
import { clusterAccessRole } from '../../domain/deployment/deployer-role.ts';
import type { Located } from '../../domain/inspection/sights.ts';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import { clusterId } from '../../domain/registry/place.ts';
import type { Cluster, Reached } from './deps.ts';
import { Env, ExternalIds } from './env.ts';
import { deployRelease } from './handler.ts';
import { inspect } from './inspection/inspect.ts';

const env = parseEnv(Env, process.env);
const now = () => new Date();
const log = powertoolsLog('deploy-release');
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 } };
const s3 = new S3Client({ ...client, forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
const credentials = fromNodeProviderChain();
const region = process.env['AWS_REGION'] ?? '';
const accounts = new Map(
  Object.entries(ExternalIds.parse(JSON.parse(env.EXTERNAL_IDS))).map(([clusterAccount, externalId]) => [
    clusterAccount,
    { roleArn: clusterAccessRole({ installation: env.INSTALLATION, region, clusterAccount }), externalId },
  ]),
);
const assume = assumedRoles({ sts: new STSClient(client), now });
const eks = (region: string, credentials: Credentials) => new EKSClient({ ...client, region, credentials });
const access = clusterAccess({ account: env.ACCOUNT, credentials, accounts, assume, eks, now });
const oci = {
  plainHttp: env.CHARTS_PLAIN_HTTP === 'true',
  ecr: (region: string) => new ECRClient({ ...client, region }),
};

/** Kept between invocations, so that sockets are; a cluster that moved gets a new one. */
const clusters = new Map<string, Cluster>();

async function reach(place: ClusterPlace, environment: string, lookingAs = ''): Promise<Reached> {
  const answer = await access(place, environment);
  if (!answer.found) return { reached: false, never: answer.never, because: answer.because };
  const { connection } = answer;
  const session = place.account === env.ACCOUNT ? '' : environment;
  const key = `${clusterId(place)} ${session} ${lookingAs} ${connection.server} ${connection.ca}`;
  const cluster = clusters.get(key) ?? clusterOf(connection, lookingAs === '' ? undefined : lookingAs);
  clusters.set(key, cluster);
  return { reached: true, cluster };
}

function clusterOf(connection: ClusterConnection, actAs: string | undefined): Cluster {
  const kube = connect({ ...connection, actAs });
  const paths = { helm: env.HELM_PATH, temporary: tmpdir() };
  const helm = fencedHelm({ ...connection, ...paths, installation: env.INSTALLATION, now, log });
  return { kube, releases: helmReleases(kube), helm };
}

const deploy = deployRelease({
  table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
  patience: fullJitter(FOR_CONTENTION),
  now,
  log,
  digest: digestKey({ client: new SecretsManagerClient(client), secretArn: env.DIGEST_KEY_ARN }),
  plans: s3Objects({ client: s3, bucket: env.PLANS_BUCKET }),
  evidence: s3Objects({ client: s3, bucket: env.EVIDENCE_BUCKET }),
  charts: ociCharts(oci),
  reach,
  readLayer,
  canonical: canonicalJson,
  pause: async (milliseconds) => void (await pause(milliseconds)),
});

/** Whoever inspects is waited for: nothing may take longer than a few seconds. */
const BRIEF = { connectionTimeout: 2000, requestTimeout: 4000 };
const BRIEF_MS = 4000;

async function eksOf({ account, region }: ClusterPlace) {
  const of = (credentials: Credentials) =>
    new EKSClient({ region, credentials, maxAttempts: 1, requestHandler: BRIEF });
  if (account === env.ACCOUNT) return { client: of(credentials) };
  const there = accounts.get(account);
  if (there === undefined) return { because: `account ${account} is none of clusterAccounts in fairlead.yaml` };
  const answer = await assume({ ...there, session: 'inspection' });
  return answer.assumed ? { client: of(async () => answer.credentials) } : { because: answer.because };
}

async function locate(place: ClusterPlace, environment: string, actAs?: string): Promise<Located> {
  const answer = await access(place, environment);
  if (!answer.found) return { found: false, because: answer.because };
  const connection = { ...answer.connection, timeoutMs: BRIEF_MS };
  const { get, close } = connect({ ...connection, actAs });
  const reviews = accessReviews(connection);
  const ends = () => {
    close();
    reviews.close();
  };
  const way = () => probeWay(connection);
  return { found: true, sight: { server: connection.server, way, get, ...reviews, close: ends } };
}

const look = inspect({
  now,
  log,
  locate,
  describe: describeCluster(eksOf),
  helm: lookAtHelm({ helm: env.HELM_PATH, temporary: tmpdir(), now }),
  charts: ociCharts({ ...oci, timeoutMs: BRIEF_MS }),
  after: async (milliseconds) => void (await pause(milliseconds, undefined, { ref: false })),
});

/** Only a process that dies leaves anything behind; a sandbox that is used again starts clean. */
async function startClean(): Promise<void> {
  const swept = await sweepFolders(tmpdir(), now());
  if (swept > 0) log.warn('private folders of dead processes removed', { swept });
}
let clean: Promise<void> | undefined;

interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export async function handler(event: unknown, context: Context) {
  clean ??= startClean();
  await clean;
  if (isInspection(event)) return look(InspectInput.parse(event));
  const hardEnd = new Date(now().getTime() + context.getRemainingTimeInMillis());
  return deploy(event, { requestId: context.awsRequestId, hardEnd });
}
