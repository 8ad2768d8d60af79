/** What makes two plans the same: which inputs come to which environment and place, and in which stage. */
import { placeId } from '../registry/place.ts';
import type { Canonical } from './frozen.ts';
import type { FrozenPlan } from './frozen-plan.ts';

/** The text whose keyed digest names a plan, so that a rollout can be held to it. */
export function planText(
  { package: pkg, deployments }: Pick<FrozenPlan, 'package' | 'deployments'>,
  canonical: Canonical,
) {
  const parts = deployments.map(({ environment, stage, place, inputs }) => ({
    environment,
    stage,
    place: placeId(place),
    inputs: inputs.digest,
  }));
  const sorted = parts.toSorted((a, b) => (a.environment < b.environment ? -1 : 1));
  return canonical({ v: 1, package: pkg, deployments: sorted });
}
