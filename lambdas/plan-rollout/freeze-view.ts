/** What one environment would be rolled out with now, frozen for a look: nothing is recorded, nothing is started. */
import { type FreezeViewAnswer, FreezeViewInput } from '../../contracts/freeze-view.ts';
import type { NewestChart } from '../../domain/inspection/sights.ts';
import { keys } from '../../domain/keys.ts';
import { planKey } from '../../domain/rollout/frozen-plan.ts';
import { type MakePlanDeps, makePlan } from './make-plan.ts';

export interface ViewDeps extends MakePlanDeps {
  readonly newest: (chart: string) => Promise<NewestChart>;
}

/** Freezes the view and puts it into the plans bucket. */
export function freezeView(deps: ViewDeps) {
  return async (event: unknown): Promise<FreezeViewAnswer> => {
    const { id, package: name, environment, version: asked } = FreezeViewInput.parse(event).view;
    const entry = await deps.table.get(keys.package(name));
    if (entry === undefined) return refused('chart-not-found', `package ${name} is not registered`);
    const newest = asked === undefined ? await deps.newest(entry.chart) : undefined;
    if (newest !== undefined && !newest.found) return refused(newest.code, newest.because);
    const version = asked ?? newest?.version ?? '';
    const made = await makePlan(deps, {
      id,
      of: 'plans',
      package: name,
      version,
      sequence: 0,
      only: [environment],
      request: { stages: [EVERYTHING], values: {} },
    });
    if (!made.made) return refused(made.code, made.because);
    await deps.plans.putOnce(planKey(id, 'plans'), deps.canonical(made.plan));
    return { outcome: 'frozen', version };
  };
}

const EVERYTHING = { name: 'view', targets: [{}], soakMinutes: 0, maxParallel: 1, failureBudget: 0 };

const refused = (code: Extract<FreezeViewAnswer, { outcome: 'refused' }>['code'], because: string) =>
  ({ outcome: 'refused', code, because }) as const;
