/** Which story of plan-rollout is asked for? Its payloads come from two machines, from EventBridge, and from whoever looks at values. */
import { isViewAsked } from './freeze-view.ts';
import { ExecutionEnded } from './machines.ts';
import { FinishPlanInput, PlanRun } from './plan-machine.ts';

export type PlannerStory = 'view' | 'freeze-plan' | 'finish-plan' | 'plan-rollout';

/** By the payload's shape alone; what is none of the others is a run of a rollout. */
export function plannerStory(event: unknown): PlannerStory {
  if (isViewAsked(event)) return 'view';
  if (ExecutionEnded.safeParse(event).success || FinishPlanInput.safeParse(event).success) return 'finish-plan';
  return PlanRun.safeParse(event).success ? 'freeze-plan' : 'plan-rollout';
}
