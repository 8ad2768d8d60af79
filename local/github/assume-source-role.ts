import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';

export interface SourceCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface AssumeSourceRoleOptions {
  /** MiniStack's. */
  readonly endpoint: string;
  readonly region: string;
  readonly roleArn: string;
  /** From `workflowEnv` or `askWorkflowEnv`. */
  readonly env: Readonly<Record<string, string>>;
  /** @default what aws-actions/configure-aws-credentials asks for */
  readonly audience?: string;
  /** 900 to 3600. @default 3600 */
  readonly seconds?: number;
}

const Job = z.object({
  ACTIONS_ID_TOKEN_REQUEST_URL: z.url(),
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string(),
  GITHUB_RUN_ID: z.string(),
});
const Token = z.object({ value: z.string() });

/** What `aws-actions/configure-aws-credentials` does in a job: asks GitHub for its token and STS for a session of the role. Throws in the words of whoever refuses. */
export async function assumeSourceRole(options: AssumeSourceRoleOptions): Promise<SourceCredentials> {
  const { endpoint, region, roleArn, audience = 'sts.amazonaws.com', seconds = 3600 } = options;
  const job = Job.parse(options.env);
  const answer = await fetch(`${job.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${job.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`GitHub gave no token: ${answer.status} ${await answer.text()}`);
  const { value } = Token.parse(await answer.json());
  const sts = new STSClient({ endpoint, region, credentials: { accessKeyId: '', secretAccessKey: '' } });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: `github-${job.GITHUB_RUN_ID}`,
        WebIdentityToken: value,
        DurationSeconds: seconds,
      }),
    );
    return z
      .object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() })
      .transform((c) => ({
        accessKeyId: c.AccessKeyId,
        secretAccessKey: c.SecretAccessKey,
        sessionToken: c.SessionToken,
      }))
      .parse(Credentials);
  } finally {
    sts.destroy();
  }
}
