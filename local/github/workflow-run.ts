import * as z from 'zod';

const Digits = z.string().regex(/^\d+$/);

/** One job of a GitHub workflow, as far as its OIDC token tells of it. */
export const WorkflowRun = z.strictObject({
  repository: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'owner/name'),
  ref: z.string().startsWith('refs/').default('refs/heads/main'),
  /** The job's `environment:`, which then takes the ref's place in `sub`. */
  environment: z.string().min(1).optional(),
  event: z.enum(['push', 'pull_request', 'pull_request_target', 'workflow_dispatch', 'schedule']).default('push'),
  /** Whether rules protect the ref; never for pull requests. */
  refProtected: z.boolean().default(true),
  /** GitHub's numbers. By default one made from the name, so that the same name has the same number in every run. */
  repositoryId: Digits.optional(),
  repositoryOwnerId: Digits.optional(),
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .default('0'.repeat(40)),
  runId: Digits.default('1'),
  runAttempt: Digits.default('1'),
  actor: z.string().min(1).default('octocat'),
  actorId: Digits.optional(),
  workflow: z.string().min(1).default('Roll out'),
  workflowFile: z.string().min(1).default('.github/workflows/rollout.yml'),
  /** `owner/repo/.github/workflows/file.yml@ref` of the reusable workflow that holds the job. By default the run's own workflow does. */
  jobWorkflowRef: z.string().min(1).optional(),
  /** Whether `sub` names ids beside names (`repo:acme@12/webui@34:…`), as GitHub does for repositories made since 2026-07-15. */
  immutableSubject: z.boolean().default(false),
  /** How long its tokens live, as GitHub's do. Below 0: they ended that long ago. */
  tokenSeconds: z.int().default(300),
});
export type WorkflowRun = z.input<typeof WorkflowRun>;
