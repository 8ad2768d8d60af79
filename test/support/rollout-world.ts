/**
 * Everything of a rollout but the clusters, in one process and in time that nobody waits for: the shipped machines, the real
 * functions, the table, its stream with readers and retry queues, EventBridge. Only planning and the deployer are played.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Change, type MemoryTable, memoryTable } from '../../adapters/memory/memory-table.ts';
import { nameTarget } from '../../adapters/name-target.ts';
import { DeployerInput } from '../../contracts/deployer.ts';
import { nameOfRun } from '../../contracts/ended-execution.ts';
import { RolloutRun } from '../../contracts/machines.ts';
import { commit, type Patience } from '../../domain/commit.ts';
import type { BatchAnswer } from '../../domain/handle-each.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { EnvironmentItem, QueueMode, StageRequest } from '../../domain/items/registry.ts';
import type { RolloutItem } from '../../domain/items/rollout.ts';
import { keys, ranges } from '../../domain/keys.ts';
import type { Machines } from '../../domain/ports.ts';
import { placeOf } from '../../domain/registry/place.ts';
import { abortRollout } from '../../domain/rollout/abort-rollout.ts';
import { createDeployment, type FrozenPlan, recordPlan } from '../../domain/rollout/frozen-plan.ts';
import { sizedStage } from '../../domain/rollout/plan.ts';
import { type Asked, startRollout as judgeStart } from '../../domain/rollout/start-rollout.ts';
import { isOpen } from '../../domain/states.ts';
import { matches } from '../../domain/target.ts';
import { judge, place, reset } from '../../lambdas/answer-request/retry.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { decide } from '../../lambdas/decide-next/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { finish } from '../../lambdas/finish-rollout/handler.ts';
import type { Deps as PlanDeps } from '../../lambdas/plan-rollout/handler.ts';
import { startRollout } from '../../lambdas/start-rollout/handler.ts';
import { storeWait } from '../../lambdas/store-wait/handler.ts';
import { type Swept, SweptInPart, sweepRollouts } from '../../lambdas/sweep-rollouts/handler.ts';
import { wakeRollout } from '../../lambdas/wake-rollout/handler.ts';
import type { Ended } from '../../local/asl/execution.ts';
import { AslFailure } from '../../local/asl/failure.ts';
import { livesOn } from '../../local/asl/lives.ts';
import { loadMachine } from '../../local/asl/load-machine.ts';
import { aslRunner, type Runner } from '../../local/asl/runner.ts';
import { type VirtualTime, virtualTime } from '../../local/asl/virtual-time.ts';
import { CALENDAR } from './calendar.ts';
import { DEPLOYERS } from './deployment-table.ts';
import { anEnvironment, aPackage, aStage, NOW, someInputs } from './items.ts';
import { keptLog } from './kept-log.ts';
import { type TABLE_RIGHTS, withRights } from './table-rights.ts';

export type Reader = 'start-rollout' | 'wake-rollout';
/** Before a function works, and when it has worked but nobody has heard its answer yet. */
export type Moment = 'before' | 'after';

export interface WorldProps {
  readonly environments: readonly string[];
  /** What the deployer answers. @default every release is applied and becomes ready */
  readonly deployer?: (input: DeployerInput) => object;
  /** Called around everything that is called; what it throws breaks the call. Names are the functions', `StartExecution` and `SendTaskSuccess`. */
  readonly around?: (moment: Moment, name: string, payload: unknown) => void | Promise<void>;
  /** After how many seconds a reader sees a record: none when it is lost, two when it comes twice. @default 0.01 */
  readonly stream?: (reader: Reader, change: Change) => readonly number[];
  /** Plans in place of the played planning. */
  readonly planner?: (deps: PlannerDeps) => (payload: unknown) => Promise<object>;
  /** Whether the sweeper comes every minute. @default false */
  readonly sweeps?: boolean;
  /** The environments' queue mode, by name; `queue` where nothing is said. */
  readonly queue?: Readonly<Record<string, QueueMode>>;
}

/** What planning shares with the other functions. */
export type PlannerDeps = Pick<PlanDeps, 'table' | 'patience' | 'now' | 'log'>;

export interface RolloutWorld {
  readonly time: VirtualTime;
  readonly table: MemoryTable;
  readonly runner: Runner;
  /** What no reader could handle. */
  readonly deadLetters: readonly unknown[];
  /** Functions in the order in which machines called them. */
  readonly called: readonly string[];
  request(
    id: string,
    stages?: readonly StageRequest[],
    more?: Partial<Pick<Asked, 'version' | 'rollback'>>,
  ): Promise<void>;
  abort(id: string): Promise<void>;
  /** Asks for a retry as the API does: how it was answered. */
  retry(id: string): Promise<string>;
  sweep(): Promise<Swept>;
  /** Lets time pass until these rollouts are over and their executions have ended. */
  over(...ids: readonly string[]): Promise<readonly RolloutItem[]>;
  /** Lets this much time pass. */
  pass(seconds: number): Promise<void>;
  rollout(id: string): Promise<RolloutItem>;
  deployments(id: string): Promise<readonly DeploymentItem[]>;
}

const ARN = 'arn:aws:states:eu-north-1:111111111111:stateMachine:';
const MACHINES = { rollout: `${ARN}fairlead-rollout`, deployment: `${ARN}fairlead-deployment` };
const FUNCTIONS = [
  'plan-rollout',
  'decide-next',
  'store-wait',
  'finish-rollout',
  'begin-deployment',
  'deploy-release',
  'finish-deployment',
];
const MOST_MINUTES = 20_000;
const MOST_CREATED = 90;

const machine = (name: 'rollout' | 'deployment') => {
  const file = join(import.meta.dirname, `../../statemachines/${name}.asl.json`);
  const pascal = (folder: string) => folder.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const arns = Object.fromEntries(FUNCTIONS.map((folder) => [`${pascal(folder)}Arn`, folder]));
  return loadMachine(readFileSync(file, 'utf8'), { ...arns, DeploymentMachineArn: MACHINES.deployment });
};
const DEFINITIONS = { [MACHINES.rollout]: machine('rollout'), [MACHINES.deployment]: machine('deployment') };

const allIsWell = ({ operation }: DeployerInput): object =>
  operation === 'apply'
    ? { outcome: 'applied', revision: 1, because: 'helm applied revision 1' }
    : { outcome: 'ready', because: 'all ready' };

/** A world with one package, `webui`, and these environments, each labelled with its own name. */
export async function rolloutWorld(props: WorldProps): Promise<RolloutWorld> {
  const { around = () => undefined, stream = () => [0.01], deployer = allIsWell, sweeps = false } = props;
  const time = virtualTime(NOW);
  const table = memoryTable();
  const log = keptLog();
  const patience: Patience = { tries: 30, pause: async () => undefined };
  const deps = { table, patience, log, now: () => time.now(), calendar: CALENDAR };
  /** As the function's role lets it. */
  const as = (of: keyof typeof TABLE_RIGHTS) => ({ ...deps, table: withRights(table, of) });
  const called: string[] = [];
  const deadLetters: unknown[] = [];
  const pkg = aPackage();
  const environments = props.environments.map((name) =>
    anEnvironment({ name, labels: { name }, queue: props.queue?.[name] }),
  );

  const call = async <T>(name: string, payload: unknown, work: () => T | Promise<T>): Promise<T> => {
    await around('before', name, payload);
    const answer = await work();
    await around('after', name, payload);
    return answer;
  };

  const machines: Machines = {
    startRollout: (rolloutId, run) =>
      call('StartExecution', { rolloutId, run }, () => {
        try {
          const input: RolloutRun = { v: 1, rolloutId, run };
          runner.start(MACHINES.rollout, nameOfRun(input), input);
          return 'started';
        } catch (error) {
          if (error instanceof AslFailure && error.error === 'ExecutionAlreadyExists') return 'already';
          throw error;
        }
      }),
    startPlan: async (planId) => Promise.reject(new Error(`nobody asked for plan ${planId} here`)),
    wake: (token) => call('SendTaskSuccess', { token }, () => runner.sendTaskSuccess(token, {})),
  };

  const functions: Readonly<Record<string, (payload: unknown) => Promise<unknown>>> = {
    'plan-rollout': props.planner?.(deps) ?? plan(deps, environments),
    'decide-next': decide(as('decide-next')),
    'store-wait': storeWait({ ...as('store-wait'), machines }),
    'finish-rollout': finish({ ...as('finish-rollout'), nameTarget }),
    'begin-deployment': beginTry({ ...as('begin-deployment'), deployers: DEPLOYERS }),
    'deploy-release': async (payload) => {
      const input = DeployerInput.parse(payload);
      if (input.operation === 'apply') await applying(table, input);
      return deployer(input);
    },
    'finish-deployment': finishTry(as('finish-deployment')),
  };

  const runner = aslRunner({
    machines: DEFINITIONS,
    time,
    integrations: {},
    invoke: (name, payload) => {
      called.push(name);
      return call(name, payload, () => functions[name]?.(payload));
    },
    onEnd: (ended) => void eventBridge(ended),
  });

  /** The rules on ended executions; a target that fails is called again. */
  const eventBridge = async ({ arn, machineArn, name, input, status }: Ended): Promise<void> => {
    if (status === 'SUCCEEDED') return;
    const detail = { executionArn: arn, stateMachineArn: machineArn, name, status, input: JSON.stringify(input) };
    const event = { 'detail-type': 'Step Functions Execution Status Change', detail };
    const target = machineArn === MACHINES.rollout ? 'finish-rollout' : 'finish-deployment';
    for (let attempt = 1; attempt <= 20; attempt++) {
      await time.sleep(attempt === 1 ? 0.5 : 60).over;
      const done = await call(target, event, () => functions[target]?.(event)).then(
        () => true,
        () => false,
      );
      if (done) return;
    }
    deadLetters.push(event);
  };

  const readers: Readonly<Record<Reader, (event: unknown) => Promise<BatchAnswer>>> = {
    'start-rollout': startRollout({ machines, log, retry: { put: (record) => retryLater('start-rollout', record) } }),
    'wake-rollout': wakeRollout({
      ...as('wake-rollout'),
      machines,
      retry: { put: (record) => retryLater('wake-rollout', record) },
    }),
  };

  const fromQueue = async (reader: Reader, record: unknown): Promise<void> => {
    const event = { Records: [{ eventSource: 'aws:sqs', messageId: 'm-1', body: JSON.stringify(record) }] };
    for (let receives = 1; receives <= 5; receives++) {
      await time.sleep(receives === 1 ? 1 : 180).over;
      if ((await readers[reader](event)).batchItemFailures.length === 0) return;
    }
    deadLetters.push(record);
  };
  const retryLater = async (reader: Reader, record: unknown): Promise<void> => void fromQueue(reader, record);

  let sequence = 0;
  const deliver = async (reader: Reader, change: Change, seconds: number): Promise<void> => {
    const record = recordOf(change, ++sequence);
    await time.sleep(seconds).over;
    await readers[reader]({ Records: [record] });
  };
  table.onChange((changes) => {
    for (const change of changes) {
      for (const reader of readersOf(change)) {
        for (const seconds of stream(reader, change)) void deliver(reader, change, seconds);
      }
    }
  });

  const sweep = sweepRollouts({ ...as('sweep-rollouts'), machines, executions: livesOn(() => runner, MACHINES) });
  const isOver = async (id: string): Promise<boolean> => {
    const rollout = await table.get(keys.rollout(id));
    return rollout !== undefined && !isOpen(rollout.state);
  };
  const untilOver = async (ids: readonly string[]): Promise<void> => {
    for (let minute = 0; !(await Promise.all(ids.map(isOver))).every(Boolean); minute++) {
      if (minute >= MOST_MINUTES) throw new Error(`not over after ${MOST_MINUTES} minutes: ${ids.join(', ')}`);
      await time.sleep(60).over;
      // What it could not sweep it sweeps the next minute, as on AWS.
      if (sweeps) await sweep().catch(unlessInPart);
    }
  };
  const rollout = async (id: string): Promise<RolloutItem> => {
    const found = await table.get(keys.rollout(id));
    if (found === undefined) throw new Error(`there is no rollout ${id}`);
    return found;
  };

  await table.transact([{ do: 'put', key: keys.package(pkg.name), item: pkg, expect: 'any' }]);
  for (const item of environments) {
    await table.transact([{ do: 'put', key: keys.environment(item.name), item, expect: 'any' }]);
  }
  return {
    time,
    table,
    runner,
    deadLetters,
    called,
    sweep,
    rollout,
    deployments: (id) => table.query(ranges.deployments(id)),
    pass: (seconds) => time.run(time.sleep(seconds).over),
    async request(id, stages = [aStage()], more = {}) {
      const counter = await table.get(keys.counter(pkg.name));
      const principal = { role: 'fairlead-source-webui', session: 'ci', account: '111111111111' };
      const asked = { id, version: '1.4.2', stages, values: {}, principal, claimed: {}, ...more };
      const queue = await table.query(ranges.open(pkg.name));
      const answer = judgeStart({ pkg, environments, counter, queue }, asked, time.now());
      if (answer.answer !== 'accepted') throw new Error(`not accepted: ${answer.answer}`);
      await table.transact(answer.writes);
    },
    async retry(id) {
      const asked = { by: 'operator/ann', reason: 'again' };
      const verdict = await judge(deps, id, asked);
      if (verdict.answer !== 'goes') return verdict.answer;
      const names = verdict.again.map(({ environment }) => environment);
      await reset(deps, id, names, { by: asked.by, lifts: 'all' });
      return (await place(deps, id, asked)).answer;
    },
    async abort(id) {
      await commit(table, patience, async () => {
        const [seen, events] = [await rollout(id), await table.get(keys.events(id))];
        if (events === undefined) throw new Error(`rollout ${id} has no history`);
        const answer = abortRollout({ rollout: seen, events }, { by: 'operator/ann', reason: 'enough' }, time.now());
        return { writes: answer.answer === 'asked' ? answer.writes : [], result: undefined };
      });
    },
    async over(...ids) {
      await time.run(untilOver(ids));
      for (let known = 0; known < runner.executions.length; ) {
        known = runner.executions.length;
        await time.run(Promise.all(runner.executions.map(({ ended }) => ended)));
      }
      return Promise.all(ids.map(rollout));
    },
  };
}

/** What planning leaves behind, without charts and values. */
function plan(
  { table, patience, now }: { table: MemoryTable; patience: Patience; now: () => Date },
  environments: readonly EnvironmentItem[],
) {
  return async (payload: unknown): Promise<object> => {
    const { rolloutId, run } = RolloutRun.parse(payload);
    return commit(table, patience, async () => {
      const planned = { outcome: 'planned' };
      const rollout = await table.get(keys.rollout(rolloutId));
      const events = await table.get(keys.events(rolloutId));
      const request = await table.get(keys.request(rolloutId));
      const open = rollout && (await table.get(keys.open(rollout.package, rollout.sequence)));
      const idle = rollout?.run !== run || rollout.plan !== undefined || rollout.abort !== undefined;
      if (!rollout || !events || !open || !request || idle) return { writes: [], result: planned };
      const frozen = planOf(rollout, request.stages, environments);
      const creates = frozen.deployments.map((deployment) => createDeployment(frozen, deployment));
      // As the real one does: what a transaction cannot hold goes before it.
      const writes = creates.splice(0, MOST_CREATED);
      while (creates.length > 0) await table.transact(creates.splice(0, 100));
      return {
        writes: [...writes, ...recordPlan({ rollout, open, events }, frozen, 'hmac-sha256:plan', now())],
        result: planned,
      };
    });
  };
}

function planOf(
  rollout: RolloutItem,
  stages: readonly StageRequest[],
  environments: readonly EnvironmentItem[],
): FrozenPlan {
  const stageOf = ({ labels }: EnvironmentItem) =>
    stages.find(({ targets }) => targets.some((target) => matches(target, labels)))?.name;
  const inputs = someInputs({ digest: `hmac-sha256:${rollout.id}` });
  const deployments = environments.flatMap((environment) => {
    const stage = stageOf(environment);
    const place = placeOf(aPackage(), environment);
    const { name, queue, labels } = environment;
    const mode = queue === undefined ? {} : { queue };
    return stage === undefined
      ? []
      : [{ environment: name, stage, place, deployer: 'default', labels, ...mode, inputs }];
  });
  return {
    v: 1,
    rolloutId: rollout.id,
    package: rollout.package,
    sequence: rollout.sequence,
    version: rollout.version,
    chart: inputs.chart,
    chartDigest: inputs.chartDigest,
    timeoutMinutes: 10,
    forceConflicts: false,
    stages: stages.map((stage) => sizedStage(stage, deployments.filter((d) => d.stage === stage.name).length)),
    deployments,
  };
}

/** The deployer says when it begins to look. */
async function applying(table: MemoryTable, { rolloutId, environment }: DeployerInput): Promise<void> {
  const key = keys.deployment(rolloutId, environment);
  const seen = await table.get(key);
  if (seen?.state !== 'applying') throw new Error(`${environment} is applied without having begun: ${seen?.state}`);
}

const WAKING: readonly string[] = ['open', 'freeze'];

function unlessInPart(error: unknown): void {
  if (!(error instanceof SweptInPart)) throw error;
}

/** The filters of lib/stacks/wakers.ts. */
export function readersOf({ before, after }: Change): readonly Reader[] {
  if (before === undefined) return after?.type === 'run' || after?.type === 'plan' ? ['start-rollout'] : [];
  if (after === undefined) return WAKING.includes(before.type) ? ['wake-rollout'] : [];
  return after.type === 'rollout' || WAKING.includes(after.type) ? ['wake-rollout'] : [];
}

export function recordOf({ key, before, after }: Change, sequence: number): object {
  const image = (item: object | undefined, name: string) =>
    item === undefined
      ? {}
      : { [name]: marshall({ pk: key.pk, sk: key.sk, ...item }, { removeUndefinedValues: true }) };
  const eventName = before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY';
  const images = { ...image(before, 'OldImage'), ...image(after, 'NewImage') };
  return {
    eventID: `e-${sequence}`,
    eventName,
    eventSource: 'aws:dynamodb',
    dynamodb: { SequenceNumber: String(sequence), ...images },
  };
}
