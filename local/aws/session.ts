import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { localClient } from './local-clients.ts';

/** Credentials of a session, with the moment they end. */
export interface LocalSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: string;
}

/**
 * AWS ends sessions after 12 hours at the latest, and after one hour unless the role says otherwise. MiniStack does not look at the role's maximum, so a
 * day's work at the local stack needs no second `fairlead env`.
 */
const LOCAL_SESSION_SECONDS = 12 * 60 * 60;

const Credentials = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  SessionToken: z.string(),
  Expiration: z.date(),
});

/** A fresh session of one of the app's roles, of twelve hours unless told otherwise, opened by the local account's root. Throws when the role does not trust the account. */
export async function openSession(
  endpoint: string,
  roleArn: string,
  name: string,
  seconds = LOCAL_SESSION_SECONDS,
): Promise<LocalSession> {
  const sts = new STSClient(localClient(endpoint));
  try {
    const answer = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name, DurationSeconds: seconds }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials.parse(answer.Credentials);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration.toISOString(),
    };
  } finally {
    sts.destroy();
  }
}
