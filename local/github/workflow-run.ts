/** One job of a GitHub workflow, as far as its OIDC token tells of it. */
export interface WorkflowRun {
  /** `owner/name`. */
  readonly repository: string;
  /** @default refs/heads/main */
  readonly ref?: string;
  /** The job's `environment:`, which then takes the ref's place in `sub`. */
  readonly environment?: string;
  /** @default push */
  readonly event?: 'push' | 'pull_request' | 'workflow_dispatch' | 'schedule';
  /** Digits, as GitHub numbers them. @default a number made from the name, so that the same name has the same id */
  readonly repositoryId?: string;
  readonly repositoryOwnerId?: string;
  /** 40 hex digits. @default forty zeros */
  readonly sha?: string;
  readonly runId?: string;
  readonly runAttempt?: string;
  readonly actor?: string;
  readonly actorId?: string;
  /** Path of the workflow file. @default .github/workflows/rollout.yml */
  readonly workflowFile?: string;
  /** The workflow's own name. @default Roll out */
  readonly workflow?: string;
  /**
   * Whether `sub` names ids beside names (`repo:acme@12/webui@34:…`), as GitHub does for repositories made since 2026-07-15.
   * @default false
   */
  readonly immutableSubject?: boolean;
}
