/**
 * Plans by themselves in one process: the shipped machine, the function's real stories, the stream's real reader. Only the
 * deployers are played: they put beside the plan what a test says.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hmac } from '../../adapters/aws/digest-key.ts';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { type MemoryObjects, memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { memoryParameters } from '../../adapters/memory/memory-parameters.ts';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import { nameOfPlan } from '../../contracts/ended-execution.ts';
import type { DiffAnswer } from '../../contracts/plan-diff.ts';
import { plannerStory } from '../../contracts/planner-call.ts';
import { PreviewInput } from '../../contracts/preview.ts';
import { keys } from '../../domain/keys.ts';
import type { EnvironmentDiff } from '../../domain/plan-diff/environment-diff.ts';
import type { Charts, Digest } from '../../domain/ports.ts';
import { planDiffKey } from '../../domain/rollout/frozen-plan.ts';
import { finishPlan } from '../../lambdas/plan-rollout/finish-plan.ts';
import { freezePlan } from '../../lambdas/plan-rollout/freeze-plan.ts';
import { planRollout } from '../../lambdas/plan-rollout/handler.ts';
import type { PlanDeps } from '../../lambdas/plan-rollout/plan-deps.ts';
import { startRollout } from '../../lambdas/start-rollout/handler.ts';
import type { Execution } from '../../local/asl/execution.ts';
import { AslFailure } from '../../local/asl/failure.ts';
import { loadMachine } from '../../local/asl/load-machine.ts';
import { aslRunner } from '../../local/asl/runner.ts';
import { virtualTime } from '../../local/asl/virtual-time.ts';
import { aChart, NOW } from './items.ts';
import { keptLog } from './kept-log.ts';
import { readersOf, recordOf } from './rollout-world.ts';
import { withRights } from './table-rights.ts';

const MACHINE = 'arn:aws:states:eu-north-1:111111111111:stateMachine:fairlead-plan';
const FILE = join(import.meta.dirname, '../../statemachines/plan.asl.json');
/** ARNs of played deployers, by their names. */
export const PLAYED = { default: 'arn:deployer-default', private: 'arn:deployer-private' };

export const testDigest: Digest = async (content) => hmac(new TextEncoder().encode('a key'), content);

/** What a deployer finds in one environment; what is left out is that nothing changes. */
export type Played = (environment: string) => Partial<EnvironmentDiff>;

export interface PlanWorldProps {
  readonly table: MemoryTable;
  readonly plans?: MemoryObjects;
  /** @default nothing changes anywhere. What it throws breaks the whole call. */
  readonly deployer?: Played;
  readonly resolve?: Charts['resolve'];
  /** Told of each call that the machine makes. */
  readonly onCall?: (name: string, payload: unknown) => void;
}

/** A world of plans on this table: whatever is inserted there is started, and worked out by `work`. */
export function planWorld({ table, plans = memoryObjects(), deployer = () => ({}), ...props }: PlanWorldProps) {
  const { resolve = async () => ({ found: true, digest: 'sha256:chart' }), onCall = () => undefined } = props;
  const [parameters, log, time] = [memoryParameters(), keptLog(), virtualTime(NOW)];
  const deps: PlanDeps = {
    table: withRights(table, 'plan-rollout'),
    plans,
    parameters,
    spilled: memorySpilledLayers(),
    charts: { resolve, pull: async () => ({ pulled: true, archive: new Uint8Array() }) },
    noteReads: async () => undefined,
    readChart: () => ({ ok: true, chart: aChart() }),
    digest: testDigest,
    canonical: canonicalJson,
    layerRules: { prefix: '', labelOrder: ['ring'] },
    deployers: PLAYED,
    chartPatience: { tries: 3, pause: async () => undefined },
    patience: { tries: 20, pause: async () => undefined },
    now: () => time.now(),
    log,
  };
  const stories = {
    view: async () => ({ outcome: 'refused' }),
    'freeze-plan': freezePlan(deps),
    'finish-plan': finishPlan(deps),
    'plan-rollout': planRollout(deps),
  };
  const planner = async (event: unknown) => stories[plannerStory(event)](event);

  const diff = async (payload: unknown): Promise<DiffAnswer> => {
    const asked = PreviewInput.parse(payload);
    if (asked.operation !== 'diff') throw new Error('plans ask for differences only');
    for (const environment of asked.environments) {
      const text = JSON.stringify({ ...unchanged(environment), ...deployer(environment) });
      await plans.putOnce(planDiffKey(asked.planId, environment), text);
    }
    return {
      outcome: 'done',
      environments: asked.environments.map((environment) => ({ environment, state: 'unchanged' })),
    };
  };

  const executions: Execution[] = [];
  const runner = aslRunner({
    machines: { [MACHINE]: loadMachine(readFileSync(FILE, 'utf8'), { PlanRolloutArn: 'plan-rollout' }) },
    time,
    integrations: {},
    invoke: async (name, payload) => {
      onCall(name, payload);
      return name === 'plan-rollout' ? planner(payload) : diff(payload);
    },
    onEnd: ({ arn, machineArn, name, input, status }) => {
      if (status === 'SUCCEEDED') return;
      const detail = { executionArn: arn, stateMachineArn: machineArn, name, status, input: JSON.stringify(input) };
      void planner({ 'detail-type': 'Step Functions Execution Status Change', detail });
    },
  });
  const start = startRollout({
    log,
    retry: { put: async (record) => Promise.reject(new Error(`not started: ${JSON.stringify(record)}`)) },
    machines: {
      startRollout: async () => 'already',
      startPlan: async (planId, pkg) => {
        try {
          executions.push(runner.start(MACHINE, nameOfPlan({ planId, package: pkg }), { v: 1, planId, package: pkg }));
          return 'started';
        } catch (error) {
          if (error instanceof AslFailure && error.error === 'ExecutionAlreadyExists') return 'already';
          throw error;
        }
      },
    },
  });
  let records = 0;
  table.onChange((changes) => {
    for (const change of changes) {
      if (change.after?.type !== 'plan' || !readersOf(change).includes('start-rollout')) continue;
      void start({ Records: [recordOf(change, ++records)] });
    }
  });

  return {
    ...{ deps, plans, parameters, planner, runner, executions, time, log },
    /** Works out every plan that was started. */
    async work(): Promise<void> {
      // A start is on its way for as long as promises settle.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      for (const execution of executions) await time.run(execution.ended);
    },
    planOf: (id: string, pkg = 'webui') => table.get(keys.plan(pkg, id)),
  };
}
export type PlanWorld = ReturnType<typeof planWorld>;

/** What a deployer says where nothing would change. */
export const unchanged = (environment: string): EnvironmentDiff => ({
  v: 1,
  environment,
  stage: 'everyone',
  state: 'unchanged',
  because: 'nothing changes',
  version: '1.4.2',
  objects: [],
  same: 3,
  values: [],
  hooks: [],
  problems: [],
  notes: [],
});

/** One more replica. */
export const scaled = (): Partial<EnvironmentDiff> => ({
  state: 'changes',
  because: '1 object changes',
  objects: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'webui',
      change: 'update',
      fields: [{ path: 'spec.replicas', from: { value: 2 }, to: { value: 3 } }],
    },
  ],
});
