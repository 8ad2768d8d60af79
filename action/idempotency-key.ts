/** The key by which a repeated start of one step's rollout is recognised. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../adapters/canonical-json.ts';
import type { Ports } from './ports.ts';
import { wrongInput } from './stopped.ts';

/** One try of one step of one job; a re-run has another attempt. https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
const STEP = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_JOB', 'GITHUB_ACTION'] as const;

/**
 * Repository, run, attempt, job, step and request in one key of at most 200 characters: the same step that says the same twice starts one rollout,
 * legs of a matrix that ask for different things start one each.
 * @throws Stopped outside of a job of GitHub's
 */
export function idempotencyKey(env: Ports['env'], pkg: string, body: unknown): string {
  const missing = STEP.find((name) => !env[name] && name !== 'GITHUB_JOB' && name !== 'GITHUB_ACTION');
  if (missing !== undefined) {
    throw wrongInput(`${missing} is not set, so this is no job of GitHub's: give the input 'idempotency-key'`);
  }
  const step = STEP.map((name) => env[name] ?? '');
  const hash = createHash('sha256')
    .update(canonicalJson([step, pkg, body]))
    .digest('hex');
  const [, run, attempt] = step;
  return `github-${run}-${attempt}-${hash}`.slice(0, 200);
}
