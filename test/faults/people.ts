/** What people and the world do meanwhile, each at a moment that nobody expects: between any two steps of a function. */
import type { SimCluster } from './cluster.ts';
import type { Faults } from './faults.ts';
import { type HelmRunProps, HelmTrouble, helmRollback, helmUninstall, helmUpgrade, Killed } from './helm.ts';
import type { SimParameters } from './parameters.ts';
import type { Random } from './random.ts';
import { CANARY } from './scenario.ts';
import type { Story } from './story.ts';

export interface PeopleDeps {
  readonly faults: Faults;
  readonly random: Random;
  readonly story: Story;
  readonly clusters: readonly SimCluster[];
  readonly parameters: SimParameters;
  now(): Date;
  sleep(seconds: number): Promise<void>;
  /** Ends some execution. */
  stop(): void;
  /** Something that people do with a rollout. */
  steer(): Promise<void>;
}

/** Whoever runs helm without us. */
export const A_PERSON = 'a person';

/** Steps of a scenario, about; most of what matters happens early. */
const STEPS = 500;
/** Functions whose races are worth being met on purpose, between any two of their first steps. */
const RACERS = [
  'begin-deployment',
  'store-wait',
  'decide-next',
  'finish-rollout',
  'finish-deployment',
  'plan-rollout',
  'deploy-release',
];
const RACING_STEPS = 9;

/** Told of each step of the scenario, it does what is due then: at some step of all, or of some call of some function. */
export function moments(deps: PeopleDeps): (who: string, step: number) => void {
  const { faults, random } = deps;
  const bySteps = new Map<number, () => void>();
  const byCall = new Map<string, () => void>();
  let steps = 0;
  const calls = new Map<string, number>();
  const plan = (deed: () => void, racers: readonly string[]) => {
    if (random.chance(0.4)) return void bySteps.set(Math.floor(STEPS * random.next() ** 1.5), deed);
    return void byCall.set(`${random.pick(racers)} ${random.int(1, 5)} ${random.int(1, RACING_STEPS)}`, deed);
  };
  const some = (most: number, deed: () => void | Promise<void>, racers = RACERS) => {
    for (let left = random.int(0, most); left > 0; left--) plan(() => void deed(), racers);
  };
  some(4, () => (faults.strikes('hand-on-rollout', 'a rollout') ? deps.steer() : undefined));
  some(2, () => (faults.strikes('people-use-helm', 'a release') ? useHelm(deps) : undefined));
  some(3, () => (faults.strikes('cluster-vanishes', 'a cluster') ? vanish(deps) : undefined));
  some(2, () => (faults.strikes('parameters-change', 'a layer') ? editParameters(deps) : undefined));
  some(3, () => (faults.strikes('execution-stopped', 'an execution') ? deps.stop() : undefined), [
    'deploy-release',
    'finish-deployment',
  ]);
  return (who, step) => {
    steps += 1;
    bySteps.get(steps)?.();
    const [name = ''] = who.split(' ');
    if (step === 1) calls.set(name, (calls.get(name) ?? 0) + 1);
    byCall.get(`${name} ${calls.get(name)} ${step}`)?.();
  };
}

async function vanish({ random, clusters, sleep, story }: PeopleDeps): Promise<void> {
  const cluster = random.pick(clusters);
  const seconds = random.pick([5, 40, 200, 400, 2000]);
  story.tell(`cluster ${cluster.name}`, () => `does not answer for ${seconds} s`);
  cluster.down = true;
  await sleep(seconds);
  cluster.down = false;
  story.tell(`cluster ${cluster.name}`, () => 'answers again');
}

function editParameters({ random, parameters, story }: PeopleDeps): void {
  const name = random.pick(parameters.names());
  const anew = random.chance(0.4);
  if (anew) parameters.remove(name);
  parameters.put(name, `edited: ${random.int(1, 9)}\npassword: ${CANARY}\n`);
  story.tell('somebody', () => `edits ${name}${anew ? ', deleted and made anew' : ''}`);
}

/** By hand, without asking anybody; now and then it is given up half way. */
async function useHelm(deps: PeopleDeps): Promise<void> {
  const { random, clusters, story, now, sleep } = deps;
  const cluster = random.pick(clusters);
  const [place] = random.chance(0.9) ? [...cluster.records.keys()] : [];
  if (place === undefined) return;
  let left = random.chance(0.3) ? random.int(1, 3) : Number.POSITIVE_INFINITY;
  const reached = () => {
    if (cluster.down) throw new HelmTrouble({ code: 'unreachable', because: 'connection refused' });
  };
  const run: HelmRunProps = {
    cluster,
    place,
    by: A_PERSON,
    now,
    async read() {
      await sleep(random.between(0.05, 0.5));
      reached();
    },
    async write(what, effect) {
      await sleep(random.pick([random.between(0.02, 1), random.between(1, 40)]));
      if (left-- <= 0) throw new Killed('the person gave up');
      reached();
      effect();
      story.tell('somebody', () => `by hand in ${cluster.name}: helm ${what}`);
    },
  };
  const revisions = cluster.records.get(place) ?? [];
  const deed = random.pick([
    () => helmUpgrade(run, '9.9.9', {}, false),
    () => helmRollback(run, random.pick(revisions).revision),
    () => helmUninstall(run),
  ]);
  await deed().catch((error: unknown) => {
    if (!(error instanceof HelmTrouble) && !(error instanceof Killed)) throw error;
    story.tell('somebody', () => `by hand in ${cluster.name}: ${error.message}`);
  });
}
