/**
 * Which run, try or plan was that execution? Its input says so; where EventBridge leaves the input out (it does when
 * input and output are large), its name does, for names are made from the same ids.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
import { type ExecutionEnded, RolloutRun, Try } from './machines.ts';
import { PlanRun } from './plan-machine.ts';

type Detail = Pick<ExecutionEnded['detail'], 'name' | 'input'>;

/** Name of an execution of the `rollout` machine. */
export function nameOfRun({ rolloutId, run }: Pick<RolloutRun, 'rolloutId' | 'run'>): string {
  return `${rolloutId}-${run}`;
}

/** Name of an execution of the `deployment` machine: at most 26 + 40 + 14 characters, so 80 hold it. */
export function nameOfTry({ rolloutId, environment, attempt }: Omit<Try, 'v'>): string {
  return `${rolloutId}-${environment}-${attempt}`;
}

/** The run whose execution ended; nothing when it was not one of ours (somebody started the machine by hand). */
export function runOf({ name, input }: Detail): RolloutRun | undefined {
  const [, rolloutId, run] = /^([0-9A-Z]{26})-(\d{1,9})$/.exec(name) ?? [];
  return fromInput(RolloutRun, input) ?? RolloutRun.safeParse({ v: 1, rolloutId, run: Number(run) }).data;
}

/** The try whose execution ended; nothing when it was not one of ours. */
export function tryOf({ name, input }: Detail): Try | undefined {
  const [, rolloutId, environment, attempt] = /^([0-9A-Z]{26})-(.+)-(\d{1,9})$/.exec(name) ?? [];
  return fromInput(Try, input) ?? Try.safeParse({ v: 1, rolloutId, environment, attempt: Number(attempt) }).data;
}

/** Name of an execution of the `plan` machine: at most 26 + 41 characters. */
export function nameOfPlan({ planId, package: pkg }: Omit<PlanRun, 'v'>): string {
  return `${planId}-${pkg}`;
}

/** The plan whose execution ended; nothing when it was not one of ours. */
export function planOf({ name, input }: Detail): PlanRun | undefined {
  const [, planId, pkg] = /^([0-9A-Z]{26})-(.+)$/.exec(name) ?? [];
  return fromInput(PlanRun, input) ?? PlanRun.safeParse({ v: 1, planId, package: pkg }).data;
}

function fromInput<T>(
  schema: { safeParse(value: unknown): { data?: T | undefined } },
  input: string | null | undefined,
) {
  try {
    return schema.safeParse(JSON.parse(input ?? 'null')).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
