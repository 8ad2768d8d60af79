/** What STS answers in the place of a session: whether it passes, and what to compare when it does not. */
import type { AwsCredentialIdentity } from '@smithy/types';
import * as z from 'zod';
import { reasonOf } from '../adapters/reason-of.ts';
import { EXIT } from '../contracts/outcome-table.ts';
import type { OidcToken } from './oidc.ts';
import { Stopped } from './stopped.ts';
import type { Try } from './try-again.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors */
const PASSING =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|IDPCommunicationError|RequestTimeout|ServiceUnavailable|InternalFailure)/;

const Refusal = z.object({
  name: z.string(),
  message: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/**
 * Throttling, 5xx and a silent network pass; what STS says no to stays no, however often it is asked.
 * @throws Stopped with the token's claims, for a refusal that stays
 */
export function judgeRefusal(error: unknown, roleArn: string, token: OidcToken): Try<AwsCredentialIdentity> {
  const { name, message, $metadata } = Refusal.catch({ name: 'Error', message: String(error) }).parse(error);
  const status = $metadata?.httpStatusCode;
  if (status === undefined || status === 429 || status >= 500 || PASSING.test(name)) {
    const words = status === undefined ? reasonOf(error) : `${status} ${name}`;
    const orElse = () => {
      throw new Stopped(`AWS gives no session of ${roleArn}: ${words}`, EXIT.unavailable, { cause: error });
    };
    return { again: 'later', orElse };
  }
  throw new Stopped(`${name}: ${message}\n${whatToCompare(roleArn, token)}`, EXIT.error, { cause: error });
}

const TELLING = ['aud', 'sub', 'repository_id', 'job_workflow_ref', 'environment', 'event_name'];

/** Claims are no secrets: they are what the trust policy speaks of. */
function whatToCompare(roleArn: string, { claims }: OidcToken): string {
  const said = TELLING.filter((name) => claims[name] !== undefined).map((name) => `  ${name}: ${String(claims[name])}`);
  return [
    `AWS refuses ${roleArn} to this job. Its token says:`,
    ...said,
    "Compare each with the conditions of the role's trust policy ('sources' of fairlead.yaml: repository, refs, environments, ids); the role has to be there, too.",
  ].join('\n');
}
