/** What `fairlead doctor` looks at the world with, on its real adapters. */
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { callerIdentity } from '../adapters/aws/caller-identity.ts';
import { functionHealth } from '../adapters/aws/function-health.ts';
import { readLayers } from '../adapters/aws/read-layers.ts';
import { roleTrust } from '../adapters/aws/role-trust.ts';
import { s3SpilledLayers } from '../adapters/aws/s3-spilled-layers.ts';
import { signedClient } from '../adapters/aws/signed-client.ts';
import { requestToken } from '../adapters/github/request-token.ts';
import { readLayer } from '../adapters/helm/read-layer.ts';
import { reach } from '../adapters/net/reach.ts';
import type { Configured, DoctorPorts, Workflow } from '../cli/doctor/ports.ts';
import { WrongInvocation } from '../cli/failure.ts';
import { TrustDocument } from '../contracts/trust-document.ts';
import { ConfigRefused, readConfig } from '../lib/config/read-config.ts';
import { GITHUB, type TrustStatement, trustForLocalAws } from '../lib/constructs/github-trust.ts';
import { sourceTrust } from '../lib/constructs/source-trust.ts';
import { workflowsTrust } from '../lib/constructs/workflows-trust.ts';
import { awsClientOf } from './aws-client.ts';
import { type Chosen, runningStack } from './destination.ts';
import { ROOT } from './root.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** For the installation that was chosen; nothing is opened before it is asked for. */
export function doctorPorts(chosen: Chosen, env: Env): DoctorPorts {
  const { endpoint, because, region, credentials } = chosen;
  // A doctor says soon what does not answer.
  const aws = {
    ...awsClientOf(chosen),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
  };
  return {
    endpoint,
    because,
    region,
    client: signedClient({ endpoint, region, credentials }),
    whoAmI: async () => await callerIdentity(new STSClient(aws)),
    reach: async (url) => await reach(url),
    trustOf: async (role) => await roleTrust(new IAMClient(aws), role),
    layers: async (names) =>
      await readLayers(new SSMClient(aws), readLayer, names, (bucket) =>
        s3SpilledLayers({ client: new S3Client({ ...aws, forcePathStyle: chosen.awsEndpoint !== undefined }), bucket }),
      ),
    functions: async (installation) => {
      const clients = { cloudformation: new CloudFormationClient(aws), lambda: new LambdaClient(aws) };
      return await functionHealth(clients, installation);
    },
    configured: async (file) => await configuredIn(file, chosen, env),
    workflow: workflowOf(env),
  };
}

/** The job of GitHub's that this runs in, if any. */
function workflowOf(env: Env): Workflow | undefined {
  if (env['GITHUB_ACTIONS'] !== 'true') return undefined;
  const [url, bearer] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  const summary = env['GITHUB_STEP_SUMMARY'];
  return {
    token: async (audience) => await requestToken({ url, bearer }, audience),
    ...(summary && { summarise: async (markdown: string) => await appendFile(summary, markdown) }),
  };
}

async function configuredIn(given: string | undefined, chosen: Chosen, env: Env): Promise<Configured | undefined> {
  const local = chosen.local === true || (await runningStack(env))?.api === chosen.endpoint;
  const file = given ?? (local ? join(ROOT, 'examples', 'fairlead.yaml') : usualFile());
  if (file === undefined) return undefined;
  const { name, account, values, promotionOrder, sources, selfService } = readable(file);
  const policyOf = (stated: readonly TrustStatement[]) =>
    TrustDocument.parse(documentOf(account, local ? trustForLocalAws(stated) : stated));
  return {
    file,
    name,
    account,
    ...values,
    ...(promotionOrder !== undefined && { promotionOrder }),
    ...(selfService !== undefined && { workflows: policyOf(workflowsTrust(selfService)) }),
    sources: sources.map((source) => {
      const { name: of, packages } = source;
      return { name: of, packages, trust: policyOf(sourceTrust(source)) };
    }),
  };
}

/** As `cdk` finds it. */
const usualFile = () => (existsSync('fairlead.yaml') ? 'fairlead.yaml' : undefined);

function readable(file: string) {
  try {
    return readConfig(file);
  } catch (error: unknown) {
    if (error instanceof ConfigRefused) throw new WrongInvocation(error.message);
    throw error;
  }
}

/** What the CDK will make of it. */
const documentOf = (account: string, stated: readonly TrustStatement[]) => ({
  Statement: stated.map(({ sid, conditions }) => ({
    Sid: sid,
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${GITHUB}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: conditions,
  })),
});
