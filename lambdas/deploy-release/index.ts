import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { EKSClient } from '@aws-sdk/client-eks';
import type { Credentials } from '../../adapters/aws/cluster-access.ts';
import { describeCluster } from '../../adapters/aws/describe-cluster.ts';
import { ociCharts } from '../../adapters/aws/oci-charts.ts';
import { powertoolsLog } from '../../adapters/aws/powertools-log.ts';
import { lookAtHelm } from '../../adapters/helm/look-at-helm.ts';
import { sweepFolders } from '../../adapters/helm/sweep-folders.ts';
import { accessReviews } from '../../adapters/kube/access-reviews.ts';
import { connect } from '../../adapters/kube/connect.ts';
import { probeWay } from '../../adapters/kube/probe-way.ts';
import { parseEnv } from '../../contracts/env.ts';
import { InspectInput, isInspection } from '../../contracts/inspection.ts';
import { isPreview } from '../../contracts/preview.ts';
import { isAboutRevisions, RevisionsInput } from '../../contracts/revisions.ts';
import type { Located } from '../../domain/inspection/sights.ts';
import type { ClusterPlace } from '../../domain/items/registry.ts';
import { Env } from './env.ts';
import { deployRelease } from './handler.ts';
import { inspect } from './inspection/inspect.ts';
import { answerPreview } from './preview/answer-preview.ts';
import { readRevisions } from './read-revisions.ts';
import { wire } from './wire.ts';

const env = parseEnv(Env, process.env);
const now = () => new Date();
const log = powertoolsLog('deploy-release');
const { deps, previews, access, assume, accounts, oci, credentials } = wire({
  env,
  region: process.env['AWS_REGION'] ?? '',
  local: process.env['AWS_ENDPOINT_URL'] !== undefined,
  log,
});
const deploy = deployRelease(deps);
const revisions = readRevisions(deps);
const preview = answerPreview(deps, previews);

/** Whoever inspects is waited for: nothing may take longer than a few seconds. */
const BRIEF = { connectionTimeout: 2000, requestTimeout: 4000 };
const BRIEF_MS = 4000;

async function eksOf({ account, region }: ClusterPlace) {
  const of = (as: Credentials) => new EKSClient({ region, credentials: as, maxAttempts: 1, requestHandler: BRIEF });
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
  if (isPreview(event)) return preview(event);
  if (isAboutRevisions(event)) return revisions(RevisionsInput.parse(event));
  const hardEnd = new Date(now().getTime() + context.getRemainingTimeInMillis());
  return deploy(event, { requestId: context.awsRequestId, hardEnd });
}
