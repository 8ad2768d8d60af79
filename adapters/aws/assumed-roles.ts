/** Sessions of roles in other accounts: kept, and renewed before they end. */
import { AssumeRoleCommand, type STSClient, STSServiceException } from '@aws-sdk/client-sts';
import type { Clock } from '../../domain/ports.ts';
import type { AwsCredentials } from './eks-token.ts';

export interface AssumedRole {
  readonly roleArn: string;
  /** What the role's trust asks to be told (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html). */
  readonly externalId: string;
  /** Names the session in CloudTrail and, through the cluster's mapping, in the cluster's own audit. */
  readonly session: string;
}

export type AssumeAnswer =
  | { readonly assumed: true; readonly credentials: AwsCredentials }
  | { readonly assumed: false; readonly because: string };

export type AssumeRole = (role: AssumedRole) => Promise<AssumeAnswer>;

/** The longest that a session may last which was opened with another session (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
const CHAINED_SECONDS = 3600;
/** A cluster's token is signed with the session, is kept for 10 minutes, and is worth nothing once the session is over. */
const RENEW_BEFORE_MS = 20 * 60_000;

/** Assumes each role once in 40 minutes. A refusal is an answer; it is not kept, for somebody may be putting it right. */
export function assumedRoles({ sts, now }: { readonly sts: STSClient; readonly now: Clock }): AssumeRole {
  const held = new Map<string, { readonly credentials: AwsCredentials; readonly renewAt: number }>();
  return async (role) => {
    const key = `${role.roleArn} ${role.session}`;
    const known = held.get(key);
    if (known !== undefined && now().getTime() < known.renewAt)
      return { assumed: true, credentials: known.credentials };
    const answer = await assume(sts, role);
    if (!('expiration' in answer)) return { assumed: false, because: answer.because };
    held.set(key, { credentials: answer.credentials, renewAt: answer.expiration.getTime() - RENEW_BEFORE_MS });
    return { assumed: true, credentials: answer.credentials };
  };
}

type Assumed = { readonly credentials: AwsCredentials; readonly expiration: Date } | { readonly because: string };

async function assume(sts: STSClient, { roleArn, externalId, session }: AssumedRole): Promise<Assumed> {
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName(session),
        ExternalId: externalId,
        DurationSeconds: CHAINED_SECONDS,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      return { because: `sts:AssumeRole ${roleArn} gave no session` };
    }
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { credentials, expiration: Expiration };
  } catch (error) {
    if (!(error instanceof STSServiceException)) throw error;
    return {
      because: `sts:AssumeRole ${roleArn} answered ${error.name}: deploy ClusterAccess in that account for this deployer, with the externalId that fairlead.yaml has for it`,
    };
  }
}

/** STS takes 2 to 64 characters of `[\w+=,.@-]`. */
const sessionName = (name: string) =>
  name
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
