/** The shipped functions, each call with ports of a process of its own. Nothing here decides anything. */

import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../adapters/canonical-json.ts';
import { readLayer } from '../../adapters/helm/read-layer.ts';
import type { MemoryObjects } from '../../adapters/memory/memory-objects.ts';
import { memorySecrets } from '../../adapters/memory/memory-secrets.ts';
import { memorySpilledLayers } from '../../adapters/memory/memory-spilled-layers.ts';
import { nameTarget } from '../../adapters/name-target.ts';
import { DeployerInput } from '../../contracts/deployer.ts';
import type { Patience } from '../../domain/commit.ts';
import type { Executions, Machines, Parameters, RetryQueue } from '../../domain/ports.ts';
import { answerRequest } from '../../lambdas/answer-request/handler.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { decide } from '../../lambdas/decide-next/handler.ts';
import type { Reached } from '../../lambdas/deploy-release/deps.ts';
import { deployRelease } from '../../lambdas/deploy-release/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { finish } from '../../lambdas/finish-rollout/handler.ts';
import { planRollout } from '../../lambdas/plan-rollout/handler.ts';
import { startRollout } from '../../lambdas/start-rollout/handler.ts';
import { storeWait } from '../../lambdas/store-wait/handler.ts';
import { sweepRollouts } from '../../lambdas/sweep-rollouts/handler.ts';
import { wakeRollout } from '../../lambdas/wake-rollout/handler.ts';
import { CALENDAR } from '../support/calendar.ts';
import { plainValues } from '../support/deployer/values-deps.ts';
import { DEPLOYERS } from '../support/deployment-table.ts';
import { aChart } from '../support/items.ts';
import { INSTALLATION } from './installation.ts';
import type { SimFunction } from './platform.ts';
import { chartsOf, logOf, objectsOf, type PortDeps, parametersOf, tableOf } from './ports.ts';
import type { Process } from './process.ts';

export interface FunctionDeps extends PortDeps {
  readonly plans: MemoryObjects;
  readonly evidence: MemoryObjects;
  readonly parameters: Parameters;
  machines(process: Process): Machines;
  readonly executions: Executions;
  retry(process: Process, reader: string): RetryQueue;
  reach(process: Process, cluster: string): Promise<Reached>;
  keep(line: string): void;
  newId(): string;
}

const MINUTE = 60;
const digest = async (content: string | Uint8Array) =>
  `hmac-sha256:${createHmac('sha256', 'k').update(content).digest('hex').slice(0, 24)}`;

/** Every function by its name, with the time limits of lib/. */
export function functions(deps: FunctionDeps): Readonly<Record<string, SimFunction>> {
  const shared = (process: Process) => ({
    table: tableOf(deps, process),
    now: process.now,
    log: logOf(process, deps.keep),
    patience: patienceOf(process, deps),
    nameTarget,
    calendar: CALENDAR,
  });
  const small = (handle: SimFunction['handle'], steps = 10, timeoutSeconds = 30): SimFunction => ({
    timeoutSeconds,
    steps,
    handle,
  });
  return {
    'plan-rollout': small((process, payload) => planRollout(planDeps(deps, process))(payload), 20, 5 * MINUTE),
    'decide-next': small((process, payload) => decide(shared(process))(payload)),
    'store-wait': small((process, payload) =>
      storeWait({ ...shared(process), machines: deps.machines(process) })(payload),
    ),
    'finish-rollout': small((process, payload) => finish(shared(process))(payload)),
    'begin-deployment': small((process, payload) => beginTry({ ...shared(process), deployers: DEPLOYERS })(payload)),
    'finish-deployment': small((process, payload) => finishTry(shared(process))(payload)),
    'sweep-rollouts': small((process) =>
      sweepRollouts({ ...shared(process), machines: deps.machines(process), executions: deps.executions })(),
    ),
    'start-rollout': small((process, payload) =>
      startRollout({
        ...shared(process),
        machines: deps.machines(process),
        retry: deps.retry(process, 'start-rollout'),
      })(payload),
    ),
    'wake-rollout': small((process, payload) =>
      wakeRollout({ ...shared(process), machines: deps.machines(process), retry: deps.retry(process, 'wake-rollout') })(
        payload,
      ),
    ),
    'deploy-release': {
      timeoutSeconds: 15 * MINUTE,
      steps: 25,
      handle: (process, payload) => deploy(deps, process, payload),
    },
    'answer-request': small((process, payload) => answerRequest(apiDeps(deps, process))(payload), 8, 29),
  };
}

/** As `adapters/full-jitter.ts` with `FOR_CONTENTION`. */
function patienceOf(process: Process, { random }: FunctionDeps): Patience {
  return { tries: 30, pause: (attempt) => process.pause((random.next() * Math.min(500, 10 * 2 ** attempt)) / 1000) };
}

function planDeps(deps: FunctionDeps, process: Process): Parameters_<typeof planRollout> {
  return {
    table: tableOf(deps, process),
    plans: objectsOf(deps.plans, process),
    parameters: parametersOf(deps.parameters, process, deps),
    charts: chartsOf(process, deps),
    noteReads: async () => undefined,
    readChart: () => ({ ok: true, chart: aChart() }),
    digest,
    canonical: canonicalJson,
    layerRules: { prefix: '', labelOrder: ['name'] },
    spilled: memorySpilledLayers(),
    chartPatience: { tries: 4, pause: () => process.pause(1) },
    patience: patienceOf(process, deps),
    now: process.now,
    log: logOf(process, deps.keep),
  };
}
type Parameters_<F> = F extends (deps: infer D) => unknown ? D : never;

function deploy(deps: FunctionDeps, process: Process, payload: unknown): Promise<unknown> {
  const input = DeployerInput.parse(payload);
  const hardEnd = new Date(process.now().getTime() + 15 * MINUTE * 1000);
  return deployRelease({
    table: tableOf(deps, process),
    patience: patienceOf(process, deps),
    now: process.now,
    log: logOf(process, deps.keep),
    digest,
    plans: objectsOf(deps.plans, process),
    evidence: objectsOf(deps.evidence, process),
    secrets: memorySecrets().of,
    charts: chartsOf(process, deps),
    reach: (cluster) => deps.reach(process, cluster.name),
    readLayer,
    ...plainValues,
    canonical: canonicalJson,
    pause: (milliseconds) => process.pause(milliseconds / 1000),
  })(input, { requestId: process.requestId, hardEnd });
}

function apiDeps(deps: FunctionDeps, process: Process): Parameters_<typeof answerRequest> {
  return {
    table: tableOf(deps, process),
    patience: patienceOf(process, deps),
    now: process.now,
    calendar: CALENDAR,
    newId: deps.newId,
    evidence: deps.evidence,
    plans: deps.plans,
    sourceSettings: async () => ({ repository: 'acme/webui', packages: ['webui'] }),
    selfService: async () => undefined,
    verifyToken: async () => ({ verified: false, code: 'refused', because: 'nobody takes tokens here' }),
    inspect: async () => ({ answered: false, known: true, because: 'nobody inspects here' }),
    freezeView: async () => ({ outcome: 'silent', because: 'no views here' }),
    askValues: async () => ({ outcome: 'silent', because: 'no views here' }),
    keepSecret: async () => ({ kept: false, because: 'nobody keeps secrets here' }),
    readRevisions: async () => ({ outcome: 'unreadable', because: 'nobody reads revisions here' }),
    pause: (milliseconds) => process.pause(milliseconds / 1000),
    mostWaiting: 1,
    log: logOf(process, deps.keep),
    installation: INSTALLATION,
  };
}

/** A ULID that tells its number: rollouts are `…00`, `…01`, in the order in which they were asked for. */
export function idOf(number: number): string {
  return `01JD0Z5Q6X3N8V7T2K4M9R1B${String(number).padStart(2, '0')}`;
}
