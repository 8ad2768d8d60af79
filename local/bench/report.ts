/** The bench's figures: as an object for programs, as tables for people. */
import type { CallsByFunction, FunctionLogs } from './count-calls.ts';
import { type Cost, spanOf } from './count-executions.ts';
import type { OneByOne } from './measure-one-by-one.ts';
import type { SideBySide } from './measure-side-by-side.ts';
import type { Staged } from './measure-stages.ts';
import type { MemoryLine } from './memory.ts';
import { type Ran, untilEvent } from './run-rollout.ts';
import { type Summary, summarise } from './samples.ts';

export interface Measured {
  /** The very first call of the API, which starts its function. */
  readonly firstCallMs: number;
  readonly oneByOne: OneByOne;
  readonly sideBySide: SideBySide;
  readonly staged: Staged;
  readonly costs: { readonly one: Cost; readonly all: Cost };
  readonly logs: FunctionLogs;
  readonly memory: readonly MemoryLine[];
  readonly commandLineMib: number;
}

/** All times in milliseconds. */
export interface Figures {
  readonly machine: { readonly cpus: number; readonly node: string; readonly platform: string };
  /** `firstCallMs` is a GET's, which finds no function running; `firstPostMs` the first rollout's. */
  readonly accept: { readonly firstCallMs: number; readonly firstPostMs: number; readonly warm: Summary };
  /** From `POST`, of warm rollouts to one environment. Moments in the API's events, and in the deployer's own log for helm. */
  readonly way: Readonly<Record<string, Summary>>;
  readonly one: { readonly rollout: Summary; readonly bareHelm: Summary; readonly ratio: number };
  readonly all: {
    readonly environments: number;
    readonly parallel: number;
    readonly rollout: Summary;
    readonly bareHelm: Summary;
    readonly deploymentsPerSecond: number;
    readonly bareHelmPerSecond: number;
    readonly ratio: number;
  };
  readonly staged: StagedFigures;
  readonly cost: Readonly<Record<'one' | 'all', CostFigures>>;
  readonly memory: { readonly oursMib: number; readonly lines: readonly MemoryLine[] };
}

/** One rollout through all stages; the first installs, the second changes. */
export interface StagedFigures {
  readonly stages: number;
  readonly environments: number;
  readonly parallel: number;
  readonly firstMs: number;
  readonly warmMs: number;
  readonly deploymentsPerSecond: number;
}

export function stagedFigures({ stages, environments, parallel, first, warm }: Staged): StagedFigures {
  const deploymentsPerSecond = (stages * environments * 1000) / warm.wholeMs;
  return { stages, environments, parallel, firstMs: first.wholeMs, warmMs: warm.wholeMs, deploymentsPerSecond };
}

interface CostFigures extends Cost {
  readonly transitionsPerDeployment: number;
  /** Of the machines and the stream, without whoever watches and without the clock. */
  readonly callsPerDeployment: number;
  readonly callsPerRollout: number;
}

export function figuresOf(measured: Measured, machine: Figures['machine']): Figures {
  const { oneByOne, sideBySide, costs, logs, memory, commandLineMib } = measured;
  const { cold, warm } = oneByOne;
  const moment = (of: (ran: Ran) => number) => summarise(warm.map(of));
  const one = { rollout: moment(({ wholeMs }) => wholeMs), bareHelm: summarise(oneByOne.bareMs) };
  const rollout = summarise(sideBySide.rollouts.map(({ wholeMs }) => wholeMs));
  const bareHelm = summarise(sideBySide.bareMs);
  const { environments, parallel } = sideBySide;
  const lines = [
    ...memory,
    { name: 'command line that watches (most)', ours: true, processes: 1, mib: commandLineMib },
  ];
  return {
    machine,
    accept: { firstCallMs: measured.firstCallMs, firstPostMs: cold.acceptMs, warm: moment(({ acceptMs }) => acceptMs) },
    way: {
      planned: moment((ran) => untilEvent(ran, 'rollout-planned')),
      'deployment begun': moment((ran) => untilEvent(ran, 'deployment-begun')),
      'helm started': moment((ran) => (logs.helmStarts(spanOf(ran))[0] ?? Number.NaN) - ran.postedAt),
      'helm done and recorded': moment((ran) => untilEvent(ran, 'deployment-applied')),
      'ready and recorded': moment((ran) => untilEvent(ran, 'deployment-finished')),
      'rollout finished': moment((ran) => untilEvent(ran, 'rollout-finished')),
      'seen by who watches': one.rollout,
    },
    one: { ...one, ratio: one.rollout.p50 / one.bareHelm.p50 },
    all: {
      environments,
      parallel,
      rollout,
      bareHelm,
      deploymentsPerSecond: (environments * 1000) / rollout.p50,
      bareHelmPerSecond: (environments * 1000) / bareHelm.p50,
      ratio: rollout.p50 / bareHelm.p50,
    },
    staged: stagedFigures(measured.staged),
    cost: { one: costFigures(costs.one), all: costFigures(costs.all) },
    memory: { oursMib: lines.reduce((sum, { ours, mib }) => sum + (ours ? mib : 0), 0), lines },
  };
}

function costFigures(cost: Cost): CostFigures {
  const calls = callsOf(cost.calls);
  const transitions = cost.rolloutTransitions * cost.rollouts + cost.deploymentTransitions * cost.deployments;
  return {
    ...cost,
    transitionsPerDeployment: transitions / cost.deployments,
    callsPerDeployment: calls / cost.deployments,
    callsPerRollout: calls / cost.rollouts,
  };
}

const NOT_THE_ROLLOUT = ['answer-request', 'sweep-rollouts'];
const callsOf = (calls: CallsByFunction) =>
  Object.entries(calls).reduce((sum, [name, found]) => sum + (NOT_THE_ROLLOUT.includes(name) ? 0 : found.calls), 0);
