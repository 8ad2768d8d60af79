import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { OpenItem } from '../../../domain/items/queue.ts';
import type { PlannedStage, RolloutItem } from '../../../domain/items/rollout.ts';
import { decideNext, type RolloutSeen } from '../../../domain/rollout/decide-next.ts';
import type { Decision } from '../../../domain/rollout/decision.ts';
import { lostAttempts } from '../../../domain/rollout/stage-progress.ts';
import { countsAsFailure, isFinal, isOpen } from '../../../domain/states.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aDeployment, aRollout, aStage, NOW } from '../../support/items.ts';
import { aPlace } from '../../support/rollout-seen.ts';

/**
 * A model of everything around the decision: several rollouts of one package, whose deployments come out as they are
 * fated. Whatever happens, every rollout ends, and no rule is broken on the way.
 */

/** How one attempt comes out. `lost` never begins, `hangs` never ends by itself. */
const FATES = [
  'succeeded',
  'skipped',
  'failed',
  'rolled-back',
  'blocked',
  'errored',
  'put-off',
  'lost',
  'hangs',
] as const;
type Fate = (typeof FATES)[number];

interface Said {
  readonly stages: readonly {
    readonly environments: readonly string[];
    readonly failureBudget: number;
    readonly soakMinutes: number;
  }[];
  /** Taken one by one, again from the first when they are used up. */
  readonly fates: readonly Fate[];
  /** Aborted when it has decided so often. */
  readonly abortAfter: number | undefined;
  /** Planned when it has been looked at so often. */
  readonly plannedAfter: number;
}

class Model {
  now = NOW.getTime();
  readonly rollouts: Rollout[];

  constructor(said: readonly Said[]) {
    this.rollouts = said.map((one, i) => new Rollout(this, one, i + 1));
  }

  queue(): OpenItem[] {
    return this.rollouts.flatMap(({ item, planned, environments }) =>
      isOpen(item.state) ? [aPlace(item.sequence, planned ? environments : undefined, item.id)] : [],
    );
  }

  /** Lets the one whose time is next take its turn; false when all are over. */
  step(): boolean {
    const open = this.rollouts.filter(({ item }) => isOpen(item.state));
    const [next] = open.toSorted((a, b) => a.wakeAt - b.wakeAt);
    if (next === undefined) return false;
    this.now = Math.max(this.now, next.wakeAt);
    next.turn();
    return true;
  }
}

class Rollout {
  item: RolloutItem;
  deployments: DeploymentItem[] = [];
  wakeAt = NOW.getTime();
  planned = false;
  readonly environments: string[];
  readonly #model: Model;
  readonly #said: Said;
  readonly #stages: PlannedStage[];
  #turns = 0;
  #fate = 0;
  #round = 0;

  constructor(model: Model, said: Said, sequence: number) {
    this.#model = model;
    this.#said = said;
    this.#stages = said.stages.map(({ environments, ...stage }, i) => ({
      ...aStage({ name: `s${i}`, ...stage }),
      size: environments.length,
    }));
    this.environments = said.stages.flatMap(({ environments }) => environments);
    this.item = aRollout({ id: `rollout-${sequence}`, sequence, plan: undefined, state: 'accepted' });
  }

  get seen(): RolloutSeen {
    const queue = this.#model.queue();
    return { rollout: this.item, deployments: this.deployments, queue, approvals: [], statuses: [], freezes: [] };
  }

  turn(): void {
    this.#turns += 1;
    this.#round += 1;
    if (this.#turns <= this.#said.plannedAfter) {
      this.wakeAt = this.#model.now + 60_000;
      return;
    }
    if (!this.planned) this.#plan();
    if (this.#turns === this.#said.abortAfter) {
      this.item = { ...this.item, abort: { by: 'ann', reason: 'enough', at: new Date(this.#model.now).toISOString() } };
    }
    const now = new Date(this.#model.now);
    const turn = { run: this.item.run, round: this.#round };
    const decision = decideNext(this.seen, turn, now, CALENDAR);
    expect(decideNext(this.seen, turn, now, CALENDAR)).toEqual(decision);
    expect(decision.because).not.toBe('');
    this.#act(decision);
  }

  #plan(): void {
    this.planned = true;
    const plan = { ...aRollout().plan, stages: this.#stages } as NonNullable<RolloutItem['plan']>;
    this.item = { ...this.item, plan, state: 'running' };
    this.deployments = this.#said.stages.flatMap(({ environments }, i) =>
      environments.map((environment) =>
        aDeployment({ rolloutId: this.item.id, environment, stage: `s${i}`, attempt: 0, sequence: this.item.sequence }),
      ),
    );
  }

  #act(decision: Decision): void {
    this.wakeAt = this.#model.now + 1000;
    switch (decision.action) {
      case 'deploy':
        this.#checkDeploy(decision);
        this.deployments = this.deployments.map((d) =>
          decision.environments.includes(d.environment) ? this.#try(d) : d,
        );
        break;
      case 'look':
        this.#checkLook(decision);
        this.deployments = this.deployments.map((d) =>
          decision.environments.includes(d.environment) ? this.#look(d) : d,
        );
        break;
      case 'wait':
        expect(Date.parse(decision.again ?? decision.until)).toBeGreaterThan(this.#model.now);
        this.wakeAt = Math.max(this.wakeAt, Date.parse(decision.again ?? decision.until));
        break;
      case 'give-up':
        expect(decision.environments).not.toEqual([]);
        this.deployments = this.deployments.map((d) =>
          decision.environments.includes(d.environment) ? this.#end(d, 'errored') : d,
        );
        break;
      case 'finish':
        this.#checkFinish(decision);
        this.item = { ...this.item, state: decision.state, finishedAt: new Date(this.#model.now).toISOString() };
        break;
      case 'continue':
        this.item = { ...this.item, run: this.item.run + 1 };
        this.#round = 0;
        break;
      case 'stand-down':
        expect.fail(`${this.item.id} stands down while it is open: ${decision.because}`);
    }
  }

  #try(deployment: DeploymentItem): DeploymentItem {
    expect(deployment.state).toBe('pending');
    const attempt = deployment.attempt + 1;
    const fate = this.#said.fates[this.#fate++ % this.#said.fates.length] ?? 'succeeded';
    if (fate === 'lost') return { ...deployment, attempt, lost: lostAttempts(deployment) };
    const { deferred: _, ...rest } = deployment;
    const begun = { ...rest, attempt, begun: attempt, lost: 0 };
    if (fate === 'put-off') return { ...begun, deferred: { on: 'lease', until: this.#in(0.5), because: 'held' } };
    if (fate === 'hangs') return { ...begun, state: 'observing', deadline: this.#in(55) };
    return this.#end(begun, fate);
  }

  /** Looks meet their own fates: none recorded, nothing seen, turned bad, or all well. */
  #look(deployment: DeploymentItem): DeploymentItem {
    expect(deployment.state).toBe('succeeded');
    const attempt = deployment.attempt + 1;
    const fate = this.#said.fates[this.#fate++ % this.#said.fates.length] ?? 'succeeded';
    if (fate === 'lost') return { ...deployment, attempt, lost: lostAttempts(deployment) };
    const { deferred: _, ...rest } = deployment;
    const seen = { ...rest, attempt, begun: attempt, lost: 0 };
    if (fate === 'put-off')
      return { ...seen, deferred: { on: 'environment', until: this.#in(0.5), because: 'silent' } };
    const bad = fate !== 'hangs' && countsAsFailure(fate);
    return { ...seen, lookedAt: this.#in(0), ...(bad && { state: fate }) };
  }

  #checkLook({ stage, environments }: Extract<Decision, { action: 'look' }>): void {
    const of = this.#stages.find(({ name }) => name === stage);
    expect(of?.soakMinutes).toBeGreaterThan(0);
    expect(environments.length).toBeGreaterThan(0);
    for (const { state } of of === undefined ? [] : this.#of(of)) expect(isFinal(state)).toBe(true);
    expect(this.item.abort).toBeUndefined();
  }

  /** Whatever stands in a stage that soaked was looked at when its soak was over. */
  #seenWell(stage: PlannedStage): boolean {
    const all = this.#of(stage);
    const end = Math.max(...all.map(({ finishedAt = '' }) => Date.parse(finishedAt))) + stage.soakMinutes * 60_000;
    return all
      .filter(({ state }) => state === 'succeeded' && stage.soakMinutes > 0)
      .every(({ lookedAt = '', finishedAt = '' }) => Date.parse(lookedAt) >= end || Date.parse(finishedAt) >= end);
  }

  #end(deployment: DeploymentItem, state: DeploymentItem['state']): DeploymentItem {
    return { ...deployment, state, finishedAt: this.#in(0), outcome: { code: 'ready', because: 'fated' } };
  }

  #in(minutes: number): string {
    return new Date(this.#model.now + minutes * 60_000).toISOString();
  }

  #of(stage: PlannedStage): DeploymentItem[] {
    return this.deployments.filter((deployment) => deployment.stage === stage.name);
  }

  #overspent(stage: PlannedStage): boolean {
    return this.#of(stage).filter(({ state }) => countsAsFailure(state)).length > stage.failureBudget;
  }

  #checkDeploy({ stage, environments }: Extract<Decision, { action: 'deploy' }>): void {
    const at = this.#stages.findIndex(({ name }) => name === stage);
    for (const earlier of this.#stages.slice(0, at)) {
      for (const { state, finishedAt = '' } of this.#of(earlier)) {
        expect(isFinal(state)).toBe(true);
        const soaked = state === 'skipped' || this.#model.now >= Date.parse(finishedAt) + earlier.soakMinutes * 60_000;
        expect(soaked || this.#of(earlier).every((d) => d.state === 'skipped')).toBe(true);
      }
      expect(this.#seenWell(earlier)).toBe(true);
    }
    for (const one of this.#stages.slice(0, at + 1)) expect(this.#overspent(one)).toBe(false);
    expect(this.item.abort).toBeUndefined();
    for (const other of this.#model.rollouts) {
      if (!isOpen(other.item.state) || other.item.sequence >= this.item.sequence) continue;
      expect(other.planned).toBe(true);
      expect(other.environments.filter((name) => environments.includes(name))).toEqual([]);
    }
  }

  #checkFinish({ state }: Extract<Decision, { action: 'finish' }>): void {
    const stages = this.#stages.filter((stage) => this.#of(stage).length > 0);
    if (state === 'aborted') expect(this.item.abort).toBeDefined();
    else if (state === 'succeeded') {
      expect(this.deployments.every((deployment) => isFinal(deployment.state))).toBe(true);
      expect(stages.some((stage) => this.#overspent(stage))).toBe(false);
      expect(stages.every((stage) => this.#seenWell(stage))).toBe(true);
    } else expect(stages.some((stage) => this.#overspent(stage))).toBe(true);
    expect(this.deployments.filter(({ state }) => state === 'observing')).toEqual([]);
  }
}

const POOL = ['dev', 'test', 'stage', 'eu', 'us', 'ap'];
const said: fc.Arbitrary<Said> = fc.record({
  stages: fc.shuffledSubarray(POOL, { minLength: 1 }).chain((environments) =>
    fc
      .array(fc.record({ size: fc.nat(3), failureBudget: fc.nat(2), soakMinutes: fc.constantFrom(0, 1, 30) }), {
        minLength: 1,
        maxLength: 4,
      })
      .map((stages) => deal(environments, stages)),
  ),
  fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 12 }),
  abortAfter: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 4 }),
  plannedAfter: fc.nat(3),
});

/** Each stage takes its share; the last one the rest. */
function deal(
  environments: readonly string[],
  stages: readonly { size: number; failureBudget: number; soakMinutes: number }[],
) {
  const left = [...environments];
  return stages.map(({ size, ...stage }, i) => ({
    ...stage,
    environments: left.splice(0, i === stages.length - 1 ? left.length : size),
  }));
}

test('every rollout ends, in its turn, and no rule is broken on the way', () => {
  fc.assert(
    fc.property(fc.array(said, { minLength: 1, maxLength: 4 }), (some) => {
      // A fate that puts off for ever would wait for ever, as it should: what puts off ends some time.
      const model = new Model(some.map((one) => ({ ...one, fates: [...one.fates, 'succeeded'] })));
      let steps = 0;
      while (model.step()) {
        steps += 1;
        expect(steps).toBeLessThan(2000);
      }
      expect(model.rollouts.every(({ item }) => !isOpen(item.state))).toBe(true);
    }),
    { numRuns: 300 },
  );
});
