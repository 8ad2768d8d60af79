/** Where calls go and who signs them: flag, then FAIRLEAD_ENDPOINT, then the profile, then the running local stack. */
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { WrongInvocation } from '../cli/failure.ts';
import type { DestinationFlags } from '../cli/ports.ts';
import { CredentialsMissing } from '../contracts/api/client.ts';
import { regionOfEndpoint, troubleOfEndpoint } from '../contracts/api/endpoint.ts';
import { openSession } from '../local/aws/session.ts';
import { findStack } from '../local/stack/find-stack.ts';
import type { RunningStack } from '../local/stack/stack-state.ts';
import { stateFolder } from '../local/stack/state-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** An installation and the credentials for it. */
export interface Chosen {
  readonly endpoint: string;
  readonly region: string;
  readonly because: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** For AWS's own services; set when they are the local stack's. */
  readonly awsEndpoint?: string;
  /** Whether it is a local stack of this machine, which the examples' fairlead.yaml configures. */
  readonly local?: boolean;
}

/** The running local stack of this environment, if any. */
export async function runningStack(env: Env, folder?: string): Promise<RunningStack | undefined> {
  const seen = await findStack(stateFolder(env, folder));
  return seen.found === 'ready' ? seen.state.stack : undefined;
}

/** @throws WrongInvocation when nothing says where, CredentialsMissing when nobody is there to sign as. */
export async function chooseDestination(flags: DestinationFlags, env: Env): Promise<Chosen> {
  const named = await namedEndpoint(flags, env);
  if (flags.as !== undefined) return await asSomebody(flags.as, named?.endpoint, env);
  if (named !== undefined) return await awsAccount(named.endpoint, named.because, flags, env);
  const stack = await runningStack(env);
  if (stack !== undefined) return asOperator(stack);
  throw new WrongInvocation(
    "nothing says where Fairlead is: give --endpoint, set FAIRLEAD_ENDPOINT, put 'fairlead_endpoint' in your AWS profile, or start a local stack with 'fairlead up --detach'",
  );
}

async function namedEndpoint(flags: DestinationFlags, env: Env) {
  if (flags.endpoint !== undefined) return { endpoint: checked(flags.endpoint, '--endpoint'), because: '--endpoint' };
  const fromEnv = env['FAIRLEAD_ENDPOINT'];
  if (fromEnv) return { endpoint: checked(fromEnv, 'FAIRLEAD_ENDPOINT'), because: 'FAIRLEAD_ENDPOINT' };
  const profile = flags.profile ?? env['AWS_PROFILE'];
  if (profile === undefined) return undefined;
  const { configFile } = await loadSharedConfigFiles();
  const found = configFile[profile]?.['fairlead_endpoint'];
  return found === undefined
    ? undefined
    : { endpoint: checked(found, `profile ${profile}`), because: `profile ${profile}` };
}

function checked(endpoint: string, from: string): string {
  const trouble = troubleOfEndpoint(endpoint);
  if (trouble === undefined) return endpoint;
  throw new WrongInvocation(`${from} ${trouble}`);
}

async function awsAccount(endpoint: string, because: string, flags: DestinationFlags, env: Env): Promise<Chosen> {
  const region = flags.region ?? regionOfEndpoint(endpoint) ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    throw new WrongInvocation(`no AWS region for ${endpoint}: give --region or set AWS_REGION`);
  }
  const profile = flags.profile === undefined ? {} : { profile: flags.profile };
  const credentials = fromNodeProviderChain({ ...profile, clientConfig: { region } });
  const awsEndpoint = env['AWS_ENDPOINT_URL'];
  return { endpoint, region, because, credentials, ...(awsEndpoint !== undefined && { awsEndpoint }) };
}

/** `--as`, which only the local stack knows: there the account's root may assume every role for people. @throws WrongInvocation */
async function asSomebody(as: string, endpoint: string | undefined, env: Env): Promise<Chosen> {
  const stack = await runningStack(env);
  if (stack !== undefined && (endpoint === undefined || endpoint === stack.api)) return asRole(stack, as);
  const why = endpoint === undefined ? 'none runs here' : `these calls go to ${endpoint}`;
  throw new WrongInvocation(`--as ${as} is for a running local stack, and ${why}: on AWS, give --profile of the role`);
}

/** The stack's own operator signs: the user's credentials are for AWS, not for what only looks like it. */
export const asOperator = (stack: RunningStack): Chosen => asRole(stack, 'operator');

/** A role for people, by its name without the installation's: `reader`, `approver-sre`. @throws WrongInvocation */
export function asRole(stack: RunningStack, as: string): Chosen {
  if (!PEOPLE.test(as)) {
    throw new WrongInvocation(
      `--as '${as}' is no role for people: it is operator, reader, break-glass or approver-NAME`,
    );
  }
  const roleArn = stack.operatorRoleArn.replace(/operator$/, as);
  const credentials = async () => {
    const session = await openSession(stack.endpoint, roleArn, as).catch((error: unknown) => {
      throw new CredentialsMissing(`the local stack gives no session of ${roleArn}: ${String(error)}`, {
        cause: error,
      });
    });
    return { ...session, expiration: new Date(session.expiration) };
  };
  const because = as === 'operator' ? 'the running local stack' : `the running local stack, as ${as}`;
  return onStack(stack, because, once(credentials));
}

const PEOPLE = /^(operator|reader|break-glass|approver-[a-z0-9-]{1,40})$/;

/** A local stack as a destination, with whoever's credentials. */
export function onStack(stack: RunningStack, because: string, credentials: AwsCredentialIdentityProvider): Chosen {
  const { api: endpoint, region, endpoint: awsEndpoint } = stack;
  return { endpoint, region, because, credentials, awsEndpoint, local: true };
}

/** A session of twelve hours is enough for one command: it is opened once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
