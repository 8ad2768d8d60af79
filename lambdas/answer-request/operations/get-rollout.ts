import { keys, ranges } from '../../../domain/keys.ts';
import type { Answer, Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { rolloutOf } from '../rollout-of.ts';
import { rolloutView } from '../views.ts';

/** GET /packages/{package}/rollouts/{rollout} */
export async function getRollout(deps: Deps, call: Call): Promise<Answer> {
  const { table, installation, now } = deps;
  const rollout = await rolloutOf(deps, call);
  const [deployments, approvals, statuses, wait] = await Promise.all([
    table.query(ranges.deployments(rollout.id)),
    table.query(ranges.approvals(rollout.id)),
    table.query(ranges.statuses(rollout.id)),
    table.get(keys.wait(rollout.id)),
  ]);
  const seen = { deployments: inOrder(deployments, rollout), approvals, statuses, wait };
  return {
    status: 200,
    body: rolloutView(rollout, seen, installation, now()),
  };
}

type Deployments = Parameters<typeof rolloutView>[1]['deployments'];

/** By stage, then by environment, as the rollout goes. */
function inOrder(deployments: Deployments, { plan }: Parameters<typeof rolloutView>[0]): Deployments {
  const place = new Map((plan?.stages ?? []).map(({ name }, i) => [name, i]));
  return deployments.toSorted((a, b) => (place.get(a.stage) ?? 0) - (place.get(b.stage) ?? 0));
}
