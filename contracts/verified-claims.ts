/** What GitHub's token proved of a job: one shape for the table, the API and the authorizer. */
import * as z from 'zod';

/** `text` and `refProtected` as whoever carries the claims writes them. */
export const claimFields = <T extends z.ZodString, P extends z.ZodType>(text: T, refProtected: P) => ({
  repository: text,
  repositoryId: text,
  owner: text,
  ownerId: text,
  ref: text,
  refProtected,
  sha: text,
  runId: text,
  runAttempt: text,
  actor: text,
  event: text,
  jobWorkflowRef: text,
  environment: text.exactOptional(),
});

export const VerifiedClaims = z
  .object(claimFields(z.string(), z.boolean()))
  .meta({ id: 'VerifiedClaims', description: "what GitHub's token proved of the job" });
