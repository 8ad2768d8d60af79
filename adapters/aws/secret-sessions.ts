/** Sessions of the role that reads secrets, each for one package: kept for a quarter of an hour, and opened anew before they end. */
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../../domain/ports.ts';
import type { AwsCredentials } from './eks-token.ts';

export interface SecretSession {
  /** Names the session in CloudTrail. */
  readonly package: string;
  /** What it may do, beside what the role may. */
  readonly policy: string;
}

export interface SecretSessionsProps {
  readonly sts: STSClient;
  readonly roleArn: string;
  readonly now: Clock;
}

/** The shortest that STS gives (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). */
const SECONDS = 900;
const RENEW_BEFORE_MS = 2 * 60_000;
const MOST_KEPT = 50;

type Session = AwsCredentials & { readonly expiration: Date };

/** Credentials of a session; the same policy has the same one while it lasts. What STS throws is not kept. */
export function secretSessions({ sts, roleArn, now }: SecretSessionsProps) {
  const kept = new Map<string, Promise<Session>>();
  const lasts = ({ expiration }: Session) => expiration.getTime() - RENEW_BEFORE_MS > now().getTime();
  return async ({ package: pkg, policy }: SecretSession): Promise<AwsCredentials> => {
    for (let before = kept.get(policy); before !== undefined; before = kept.get(policy)) {
      const session = await before;
      if (lasts(session)) return session;
      // Unless somebody else has opened a new one meanwhile.
      if (kept.get(policy) === before) kept.delete(policy);
    }
    if (kept.size >= MOST_KEPT) kept.clear();
    const opening = open(sts, { roleArn, pkg, policy });
    kept.set(policy, opening);
    return await opening.catch((error: unknown) => {
      if (kept.get(policy) === opening) kept.delete(policy);
      throw error;
    });
  };
}

interface Opening {
  readonly roleArn: string;
  readonly pkg: string;
  readonly policy: string;
}

async function open(sts: STSClient, { roleArn, pkg, policy }: Opening): Promise<Session> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: `package-${pkg}`,
      DurationSeconds: SECONDS,
      Policy: policy,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error(`sts:AssumeRole ${roleArn} gave no session`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
