/** Who signs the calls: a session of the source role, opened with the job's token, or the credentials that the job has already. */
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import * as z from 'zod';
import { reasonOf } from '../adapters/reason-of.ts';
import { EXIT } from '../contracts/outcome-table.ts';
import { judgeRefusal } from './judge-refusal.ts';
import type { AskToken } from './oidc.ts';
import type { Ports } from './ports.ts';
import { Stopped } from './stopped.ts';
import { tryAgain } from './try-again.ts';

export interface Session {
  /** Credentials that are good for some minutes still. @throws Stopped */
  credentials(): Promise<AwsCredentialIdentity>;
  /** The next credentials are new ones; false when there is no way to get any. */
  renew(): boolean;
}

export interface SessionProps {
  readonly region: string;
  readonly roleArn: string | undefined;
  readonly askToken: AskToken;
}

type World = Pick<Ports, 'env' | 'runner' | 'timing' | 'cancelled'>;

/** What AWS's own audience condition asks for. */
const AUDIENCE = 'sts.amazonaws.com';
/** The shortest that STS gives, and so what every source role allows, however short its sessions have to be. */
const SESSION_SECONDS = 900;
const RENEW_BEFORE_MILLISECONDS = 5 * 60_000;
const ONE_TRY_MILLISECONDS = 15_000;
const ALL_TRIES_MILLISECONDS = 60_000;

/** The session of this job. Nothing is asked before the first call. */
export function openSession(world: World, props: SessionProps): Session {
  const { env, timing } = world;
  const endpoint = env['AWS_ENDPOINT_URL_STS'] ?? env['AWS_ENDPOINT_URL'];
  const options = { region: props.region, maxAttempts: 1, ...(endpoint && { endpoint }) };
  if (props.roleArn === undefined) return ownCredentials(world, new STSClient(options));
  const { roleArn, askToken } = props;
  const sts = new STSClient({ ...options, credentials: { accessKeyId: '', secretAccessKey: '' } });
  let held: Promise<AwsCredentialIdentity> | undefined;
  return {
    async credentials() {
      const old = await held;
      const left = (old?.expiration?.getTime() ?? 0) - timing.now();
      if (old !== undefined && left > RENEW_BEFORE_MILLISECONDS) return old;
      held = assume(world, sts, roleArn, askToken);
      // What failed is not kept: the next call asks anew.
      held.catch(() => {
        held = undefined;
      });
      return await held;
    },
    renew() {
      held = undefined;
      return true;
    },
  };
}

/** What the SDK finds by itself: variables, a profile, the role of a self-hosted runner's machine. */
function ownCredentials({ runner }: World, { config }: STSClient): Session {
  return {
    async credentials() {
      const found = await config.credentials().catch((error: unknown) => {
        const because = reasonOf(error);
        const fix = "add 'role-to-assume' to the step's 'with', or get credentials in a step before this one";
        throw new Stopped(`the job has no AWS credentials (${because}): ${fix}`, EXIT['wrong invocation']);
      });
      mask(runner, found);
      return found;
    },
    renew: () => false,
  };
}

function mask(runner: Ports['runner'], { secretAccessKey, sessionToken }: AwsCredentialIdentity): void {
  runner.setSecret(secretAccessKey);
  if (sessionToken !== undefined) runner.setSecret(sessionToken);
}

const Credentials = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string(),
  Expiration: z.date().optional(),
});

async function assume(
  world: World,
  sts: STSClient,
  roleArn: string,
  askToken: AskToken,
): Promise<AwsCredentialIdentity> {
  const token = await askToken(AUDIENCE);
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName(world.env),
    WebIdentityToken: token.value,
    DurationSeconds: SESSION_SECONDS,
  });
  return await tryAgain(world, { forMilliseconds: ALL_TRIES_MILLISECONDS }, async () => {
    try {
      const sent = await sts.send(command, { abortSignal: world.timing.timeout(ONE_TRY_MILLISECONDS) });
      const found = Credentials.parse(sent.Credentials);
      const expiration = found.Expiration ?? new Date(world.timing.now() + SESSION_SECONDS * 1000);
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = found;
      const session = { accessKeyId, secretAccessKey, sessionToken, expiration };
      mask(world.runner, session);
      return { value: session };
    } catch (error: unknown) {
      return judgeRefusal(error, roleArn, token);
    }
  });
}

/** `github-{run}-{attempt}`: what the rollout's history and CloudTrail call whoever did it. */
function sessionName(env: Ports['env']): string {
  const words = ['github', env['GITHUB_RUN_ID'] ?? 'job', env['GITHUB_RUN_ATTEMPT'] ?? '1'];
  return words
    .join('-')
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64);
}
