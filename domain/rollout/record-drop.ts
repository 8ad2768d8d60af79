/** What waits is left to a newer rollout: written only while that one still has its place. */
import { append } from '../events.ts';
import { keys } from '../keys.ts';
import { replace, unchanged, type Write } from '../table.ts';
import type { Decision } from './decision.ts';
import { endWait } from './end-wait.ts';
import type { WholeRollout } from './look-at-rollout.ts';

type Drop = Extract<Decision, { action: 'drop' }>;

/** Deployments a transaction: two writes each, and what stands around them. What is left is decided again. */
export const MOST_DROPPED = 40;

/**
 * The writes that drop the first of them. The rollout's own place shrinks with them, so that nobody waits for what will
 * not happen.
 */
export function recordDrop(seen: WholeRollout, { environments, newer, because }: Drop, now: Date): Write[] {
  const { rollout, queue, deployments, events, wait } = seen;
  const at = now.toISOString();
  const chosen = new Set(environments.slice(0, MOST_DROPPED));
  const dropped = deployments.filter(({ environment }) => chosen.has(environment));
  const [place, other] = [queue.find(isOf(rollout.id)), queue.find(isOf(newer))];
  const left = (names: readonly string[] | undefined) => names?.filter((name) => !chosen.has(name));
  const outcome = { code: 'superseded' as const, because };
  return [
    ...dropped.map((deployment) =>
      replace(keys.deployment(rollout.id, deployment.environment), deployment, {
        state: 'skipped',
        // An execution of it that is late finds its attempt answered.
        begun: deployment.attempt,
        lost: 0,
        deferred: undefined,
        finishedAt: at,
        outcome,
      }),
    ),
    replace(keys.rollout(rollout.id), rollout, { supersededBy: newer }),
    ...endWait(rollout.id, wait),
    ...(other === undefined ? [] : [unchanged(keys.open(rollout.package, other.sequence), other)]),
    ...(place === undefined
      ? []
      : [
          replace(keys.open(rollout.package, place.sequence), place, {
            environments: left(place.environments),
            supersedable: left(place.supersedable),
          }),
        ]),
    ...append(
      rollout.id,
      events,
      dropped.map(({ stage, environment }) => ({
        at,
        kind: 'superseded' as const,
        text: because,
        by: 'fairlead',
        stage,
        environment,
        state: 'skipped',
      })),
    ),
  ];
}

const isOf =
  (id: string) =>
  ({ rolloutId }: { readonly rolloutId: string }) =>
    rolloutId === id;
