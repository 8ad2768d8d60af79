/** A plan into some of the environments that its stages match. */
import { type Plan, sizedStage } from './plan.ts';

type Planned = Extract<Plan, { outcome: 'planned' }>;

/** Keeps the environments that `keeps` says, and the sizes of the stages with them. */
export function narrowPlan(
  planned: Planned,
  keeps: (environment: Planned['environments'][number]) => boolean,
): Planned {
  const environments = planned.environments.filter(keeps);
  const sizeOf = (name: string) => environments.filter(({ stage }) => stage === name).length;
  return { ...planned, stages: planned.stages.map((stage) => sizedStage(stage, sizeOf(stage.name))), environments };
}
