/** What a deployer works with, made once for a process: the function's (`index.ts`) or a build's (`build.ts`). */
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type * as z from 'zod';
import { archiveCharts } from '../../adapters/aws/archive-charts.ts';
import { assumedRoles } from '../../adapters/aws/assumed-roles.ts';
import { chartsByPlace } from '../../adapters/aws/charts-by-place.ts';
import { type ClusterConnection, type Credentials, clusterAccess } from '../../adapters/aws/cluster-access.ts';
import { digestKey } from '../../adapters/aws/digest-key.ts';
import { dynamodbTable } from '../../adapters/aws/dynamodb-table.ts';
import { ociCharts } from '../../adapters/aws/oci-charts.ts';
import { packageSecrets } from '../../adapters/aws/package-secrets.ts';
import { s3Objects } from '../../adapters/aws/s3-objects.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { FOR_CONTENTION, fullJitter } from '../../adapters/full-jitter.ts';
import { checkSchemas } from '../../adapters/helm/check-schema.ts';
import { fencedHelm } from '../../adapters/helm/fenced-helm.ts';
import { previewSight } from '../../adapters/helm/preview-sight.ts';
import { readChart } from '../../adapters/helm/read-chart.ts';
import { readLayer } from '../../adapters/helm/read-layer.ts';
import { helmReleases } from '../../adapters/helm/read-release.ts';
import { readYamlText } from '../../adapters/helm/read-yaml-text.ts';
import { releaseSize } from '../../adapters/helm/release-size.ts';
import { connect } from '../../adapters/kube/connect.ts';
import { packedEngine } from '../../adapters/templates/packed-engine.ts';
import { templateEngine } from '../../adapters/templates/template-engine.ts';
import { readFeature } from '../../contracts/feature.ts';
import { lookingAs } from '../../domain/deployment/acting-as.ts';
import { clusterAccessRole } from '../../domain/deployment/deployer-role.ts';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import type { Log } from '../../domain/ports.ts';
import { clusterId } from '../../domain/registry/place.ts';
import type { Cluster, Deps, Reached } from './deps.ts';
import { type Env, ExternalIds } from './env.ts';
import type { DiffDeps } from './preview/preview-deps.ts';

export interface Process {
  readonly env: z.output<typeof Env>;
  readonly region: string;
  /** True where AWS is played by one endpoint, which knows buckets by path only. */
  readonly local: boolean;
  readonly log: Log;
}

const now = () => new Date();
const client = { maxAttempts: 3, requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 } };

export function wire({ env, region, local, log }: Process) {
  const s3 = new S3Client({ ...client, forcePathStyle: local });
  const accounts = accountsOf(env, region);
  const assume = assumedRoles({ sts: new STSClient(client), now });
  const eks = (of: string, credentials: Credentials) => new EKSClient({ ...client, region: of, credentials });
  const own = { account: env.ACCOUNT, credentials: fromNodeProviderChain() };
  const access = clusterAccess({ ...own, accounts, assume, eks, now });
  const oci = {
    plainHttp: env.CHARTS_PLAIN_HTTP === 'true',
    ecr: (of: string) => new ECRClient({ ...client, region: of }),
  };
  const plans = s3Objects({ client: s3, bucket: env.PLANS_BUCKET });
  // The planner fetches them; here they are only read.
  const copied = archiveCharts({ copies: plans });
  const clusterOf = (connection: ClusterConnection, actAs: string | undefined): Cluster => {
    const kube = connect({ ...connection, actAs });
    const paths = { helm: env.HELM_PATH, temporary: tmpdir() };
    const helm = fencedHelm({ ...connection, ...paths, installation: env.INSTALLATION, now, log });
    return { kube, releases: helmReleases(kube), helm };
  };
  const digest = digestKey({ client: new SecretsManagerClient(client), secretArn: env.DIGEST_KEY_ARN });
  const deps: Deps = {
    table: dynamodbTable({ client: new DynamoDBClient(client), tableName: env.TABLE_NAME }),
    patience: fullJitter(FOR_CONTENTION),
    now,
    log,
    digest,
    plans,
    evidence: s3Objects({ client: s3, bucket: env.EVIDENCE_BUCKET }),
    charts: chartsByPlace({ oci: ociCharts(oci), copied }),
    secrets: packageSecrets({
      sts: new STSClient(client),
      roleArn: env.SECRETS_ROLE_ARN,
      place: { account: env.ACCOUNT, region, prefix: env.VALUES_PREFIX },
      digest,
      now,
      ssm: (credentials) => new SSMClient({ ...client, maxAttempts: 6, credentials }),
      secretsManager: (of, credentials) => new SecretsManagerClient({ ...client, region: of, credentials }),
    }),
    reach: reaching(env.ACCOUNT, access, clusterOf),
    readLayer,
    valuesPrefix: env.VALUES_PREFIX,
    readYaml: readYamlText,
    readChart: readChart({ readFeature }),
    checkSchemas,
    recordSize: releaseSize,
    engine: templateEngine({ wasm: packedEngine }),
    canonical: canonicalJson,
    leavesPostHooks: env.BUILDS === 'true',
    pause: async (milliseconds) => void (await pause(milliseconds)),
  };
  const previews: Pick<DiffDeps, 'look' | 'recordSize'> = {
    look: async (place, environment, actAs) => {
      const answer = await access(place, environment);
      if (!answer.found) return { reached: false, because: answer.because };
      const paths = { helm: env.HELM_PATH, temporary: tmpdir() };
      const sight = previewSight({ ...answer.connection, ...paths, now, actAs, lookingAs: lookingAs(actAs) });
      return { reached: true, sight };
    },
    recordSize: releaseSize,
  };
  return { deps, previews, access, assume, accounts, oci, credentials: own.credentials };
}

/** The role and external id of each other account that has clusters. */
function accountsOf({ EXTERNAL_IDS, INSTALLATION: installation }: Process['env'], region: string) {
  const externalIds = Object.entries(ExternalIds.parse(JSON.parse(EXTERNAL_IDS)));
  return new Map(
    externalIds.map(([clusterAccount, externalId]) => [
      clusterAccount,
      { roleArn: clusterAccessRole({ installation, region, clusterAccount }), externalId },
    ]),
  );
}

/** Clusters are kept between calls, so that sockets are; one that moved gets a new one. */
function reaching(
  account: string,
  access: ReturnType<typeof clusterAccess>,
  clusterOf: (connection: ClusterConnection, actAs: string | undefined) => Cluster,
) {
  const clusters = new Map<string, Cluster>();
  return async (place: ClusterPlace, environment: string, lookingAs = ''): Promise<Reached> => {
    const answer = await access(place, environment);
    if (!answer.found) return { reached: false, never: answer.never, because: answer.because };
    const { connection } = answer;
    const session = place.account === account ? '' : environment;
    const key = `${clusterId(place)} ${session} ${lookingAs} ${connection.server} ${connection.ca}`;
    const cluster = clusters.get(key) ?? clusterOf(connection, lookingAs === '' ? undefined : lookingAs);
    clusters.set(key, cluster);
    return { reached: true, cluster };
  };
}
