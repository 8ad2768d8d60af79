/** One scenario in one process and in time that nobody waits for: the shipped machines and functions, everything else simulated. */
import { memoryObjects } from '../../adapters/memory/memory-objects.ts';
import { type MemoryTable, memoryTable } from '../../adapters/memory/memory-table.ts';
import { ranges } from '../../domain/keys.ts';
import { isOpen } from '../../domain/states.ts';
import { livesOn } from '../../local/asl/lives.ts';
import { aslRunner, type Runner } from '../../local/asl/runner.ts';
import { type VirtualTime, virtualTime } from '../../local/asl/virtual-time.ts';
import { NOW } from '../support/items.ts';
import { api, type Call } from './api.ts';
import { eyesOf, type SimCluster, simCluster } from './cluster.ts';
import { faults as drawFaults, type Faults } from './faults.ts';
import { functions, idOf } from './functions.ts';
import { MACHINES } from './installation.ts';
import { DEFINITIONS, machinesOf, stopSomething, tellEnds } from './machines.ts';
import { type OurWrite, ourHelm } from './our-helm.ts';
import { type SimParameters, simParameters } from './parameters.ts';
import { moments } from './people.ts';
import { type Invoke, platform } from './platform.ts';
import type { Process } from './process.ts';
import { type Random, seeded } from './random.ts';
import type { Scenario } from './scenario.ts';
import { seedTable } from './seed-table.ts';
import { type SteerDeps, steer } from './steer.ts';
import { type Story, story } from './story.ts';
import { stream } from './stream.ts';
import { tellChanges } from './tell-changes.ts';
import type { Watcher } from './watcher.ts';

export interface World {
  readonly time: VirtualTime;
  readonly table: MemoryTable;
  readonly runner: Runner;
  readonly faults: Faults;
  readonly story: Story;
  readonly parameters: SimParameters;
  readonly clusters: ReadonlyMap<string, SimCluster>;
  readonly random: Random;
  readonly call: Call;
  readonly invoke: Invoke;
  readonly watchers: Watcher[];
  /** What people have at hand to steer rollouts by. */
  readonly steering: SteerDeps;
  sleep(seconds: number): Promise<void>;
  /** Whether nothing is left to happen. */
  isOver(): Promise<boolean>;
  /** Keeps the world going until `work` is done, too. */
  during(work: Promise<unknown>): void;
}

export async function world(scenario: Scenario, keep: boolean): Promise<World> {
  const time = virtualTime(NOW);
  const now = () => time.now();
  const sleep = (seconds: number) => time.sleep(seconds).over;
  const random = seeded(scenario.seed, 'world');
  const told = story(now, NOW, keep);
  const faults = drawFaults(seeded(scenario.seed, 'faults'), told, scenario.theme);
  const table = memoryTable();
  const parameters = simParameters();
  const watchers: Watcher[] = [];
  const onText = (where: string, text: string) => {
    for (const watcher of watchers) watcher.onText?.(where, text);
  };
  const clusters = new Map(
    scenario.environments.map(({ cluster }) => [
      cluster,
      simCluster(cluster, (version) => scenario.fares(cluster, version)),
    ]),
  );
  let acting = '';
  let ids = 0;
  let atWork = 0;
  const over = new Set<string>();
  const commits = counted();
  const during = (work: Promise<unknown>) => {
    atWork += 1;
    void work.finally(() => {
      atWork -= 1;
    });
  };
  const shared = { faults, random, story: told, sleep };
  const machineDeps = { ...shared, invoke: (...args: Parameters<Invoke>) => invoke(...args), runner: () => runner };
  const records = stream({
    ...shared,
    invoke: (...args) => invoke(...args),
    onDead: (reader, record) => onText(`a dead letter of ${reader}`, JSON.stringify(record)),
  });
  const onWrite = (write: OurWrite) => {
    told.tell(`fence ${write.fence}`, () => `in ${write.cluster}: helm ${write.what}`);
    for (const watcher of watchers) watcher.onWrite?.(write);
  };
  const steering = () => ({ call, random, table, sleep, environments: scenario.environments.map(({ name }) => name) });
  const plannedMoments = () =>
    moments({
      ...shared,
      now,
      parameters,
      clusters: [...clusters.values()],
      random: seeded(scenario.seed, 'people'),
      stop: () => stopSomething(machineDeps, over),
      steer: async () => during(steer(steering())),
    });
  const invoke: Invoke = platform({
    ...shared,
    during,
    changed: (times, seconds) => Promise.race([commits.after(times), sleep(seconds)]),
    time,
    now,
    onStep: (who, step) => atStep(who, step),
    functions: functions({
      ...shared,
      table,
      plans: memoryObjects(),
      evidence: memoryObjects(),
      parameters,
      acting: (who) => {
        acting = who;
      },
      machines: (process) => machinesOf(machineDeps, process),
      executions: livesOn(() => runner, MACHINES),
      retry: records.retry,
      keep: (line) => onText('a log', line),
      newId: () => idOf(ids++),
      reach: async (process: Process, name) => {
        const cluster = clusters.get(name);
        if (cluster === undefined) return { reached: false, because: `there is no cluster ${name}` };
        const helm = ourHelm({
          cluster,
          process,
          now,
          killedAt: () => (faults.strikes('helm-dies', process.name) ? random.int(1, 6) : undefined),
          takes: () => (random.chance(0.8) ? random.between(0.02, 0.4) : random.between(0.4, 25)),
          rejects: (version) => scenario.rejects(name, version),
          onWrite,
        });
        return { reached: true, cluster: { ...eyesOf(cluster, process, now), helm } };
      },
    }),
  });
  const atStep = plannedMoments();
  const call = api({ ...shared, invoke, onText });
  const endsTold = tellEnds(machineDeps);
  const runner: Runner = aslRunner({
    machines: DEFINITIONS,
    time,
    random: () => random.next(),
    integrations: {
      'aws-sdk:ssm:getParameters': async (args) => {
        if (faults.strikes('parameters-throttled', 'Pull values')) throw new Error('rate exceeded');
        return parameters.get((args as { Names: string[] }).Names);
      },
    },
    invoke: (name, payload) => invoke(name, aboutOf(payload), payload),
    onEnd: (ended) => {
      over.add(ended.arn);
      onText('the end of an execution', JSON.stringify([ended.output, ended.error, ended.cause]));
      endsTold(ended);
    },
  });

  await seedTable(scenario, { table, parameters, clusters });
  table.onChange((changes) => {
    tellChanges(told, acting, changes);
    for (const watcher of watchers) watcher.onChange?.(changes);
    commits.count();
    records.publish(changes);
  });
  return {
    time,
    table,
    runner,
    faults,
    story: told,
    parameters,
    clusters,
    random,
    call,
    invoke,
    watchers,
    steering: steering(),
    sleep,
    during,
    async isOver() {
      const open = await table.query(ranges.open('webui'));
      const rollouts = await table.rolloutsOf('webui', { limit: 100 });
      const ended = rollouts.items.every(({ state }) => !isOpen(state));
      return atWork === 0 && open.length === 0 && ended && runner.executions.every(({ arn }) => over.has(arn));
    },
  };
}

/** `00 eu` for rollout `…00` in eu. */
function aboutOf(payload: unknown): string {
  const { rolloutId = '', environment = '', operation = '' } = payload as Readonly<Record<string, string>>;
  return `${rolloutId.slice(-2)} ${environment} ${operation}`.trim();
}

/** Counts, and promises a later count. */
function counted() {
  let count = 0;
  const waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  return {
    after(times: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ at: count + times, resolve });
      return promise;
    },
    count() {
      count += 1;
      for (const { at, resolve } of waiting) if (at === count) resolve();
    },
  };
}
