/** May a rollout carry out this plan? It takes stages, values and cause from it, and is refused when its inputs come out otherwise. */
import type { PlanItem } from '../items/values.ts';
import { standingOf } from './standing.ts';

export interface PlanWanted {
  readonly id: string;
  /** As whoever asks has seen it. */
  readonly digest: string;
  readonly package: string;
  readonly version: string;
}

export type HeldToPlan =
  | { readonly held: true; readonly plan: PlanItem }
  /** `wrong`: the request names what is not there; `conflict`: it is there and will not do. */
  | {
      readonly held: false;
      readonly is: 'wrong' | 'conflict';
      readonly field: 'id' | 'digest';
      readonly because: string;
    };

/** @param plan of the package that is asked for, if there is one */
export function holdToPlan(plan: PlanItem | undefined, wanted: PlanWanted, now: Date): HeldToPlan {
  const { id, package: pkg, version, digest } = wanted;
  const no = (is: 'wrong' | 'conflict', field: 'id' | 'digest', because: string): HeldToPlan => ({
    held: false,
    is,
    field,
    because,
  });
  if (plan === undefined) {
    return no(
      'wrong',
      'id',
      `package ${pkg} has no plan ${id}, or not any more: plan again (fairlead plan ${pkg} ${version})`,
    );
  }
  if (plan.valuesChange !== undefined) {
    return no('conflict', 'id', `plan ${id} is of changed values: bring them with fairlead values apply ${pkg}`);
  }
  if (plan.version !== version) {
    return no(
      'wrong',
      'id',
      `plan ${id} is of version ${plan.version}, not ${version}: name that version, or plan ${version}`,
    );
  }
  const { state, because } = standingOf(plan, now);
  if (state === 'working') return no('conflict', 'id', `plan ${id} is being worked out still: wait until it is ready`);
  if (state !== 'ready') return no('conflict', 'id', `plan ${id} is ${state} (${because}): plan again`);
  if (plan.digest !== digest) {
    return no(
      'conflict',
      'digest',
      `plan ${id} has digest ${plan.digest}, not ${digest}: look at it again (fairlead plan show ${pkg} ${id})`,
    );
  }
  return { held: true, plan };
}
