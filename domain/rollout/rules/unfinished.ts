/**
 * A rollout does not end over a release that it changed and left: where a cluster fell silent in mid-deployment and the
 * try was put off, that deployment comes to its end first. What was put off untouched stays `pending`: it never began.
 */
import type { DeploymentItem } from '../../items/deployment.ts';
import type { Decision } from '../decision.ts';

/** What to do before `next`, if it is the rollout's end; nothing when nothing is left behind. */
export function unfinished(next: Decision, deployments: readonly DeploymentItem[]): Decision | undefined {
  if (next.action !== 'finish') return undefined;
  const left = deployments.filter(({ state, touched }) => state === 'pending' && touched === true);
  if (left.length === 0) return undefined;
  const environments = left.map(({ environment }) => environment);
  const because = `its cluster did not answer any more after helm had begun there, and the rollout ends: ${next.because}`;
  return { action: 'give-up', environments, code: 'unreachable', because };
}
