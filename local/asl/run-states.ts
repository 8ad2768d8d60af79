/** Walks through states: each takes the output of the one before, sees the variables of its scope and those around it. */
import type { Choice, MapState, Scope, State, Task } from './definition.ts';
import { type Bindings, evaluate } from './evaluate.ts';
import { checkSize, type History, Interrupted } from './execution.ts';
import { AslFailure } from './failure.ts';
import { type Trouble, tryHard } from './retry.ts';
import { doTask, type TaskDeps } from './tasks.ts';

export interface RunDeps extends TaskDeps {
  readonly history: History;
  random(): number;
  newToken(): string;
}

/** Where in the machine we are. */
export interface Place {
  /** Of the scopes around this one; they are seen and never changed. */
  readonly outer: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

type Step = { readonly output: unknown; readonly next?: string | undefined };
type Variables = Record<string, unknown>;

/**
 * Runs a scope from its first state to an end and gives the last output.
 * @throws AslFailure that nothing in the scope catches, Interrupted from outside.
 */
export async function runStates(scope: Scope, input: unknown, place: Place, deps: RunDeps): Promise<unknown> {
  const own: Variables = {};
  let name: string | undefined = scope.StartAt;
  let data = input;
  while (name !== undefined) {
    const state: State | undefined = scope.States[name];
    if (state === undefined) throw new AslFailure('States.Runtime', `there is no state '${name}'`);
    deps.history.enter(name, data, EVENTS[state.Type]);
    const walk = new Walk(name, data, own, place, deps);
    const step: Step = await walk.run(state);
    checkSize(step.output, `the output of '${name}'`);
    data = step.output;
    name = step.next;
  }
  return data;
}

/** Entered and exited, and what a task does in between. */
const EVENTS: Readonly<Record<State['Type'], number>> = {
  Task: 5,
  Map: 4,
  Choice: 2,
  Wait: 2,
  Pass: 2,
  Succeed: 2,
  Fail: 1,
};
/** Started and succeeded. */
const EVENTS_PER_ITEM = 2;

/** One visit of one state. */
class Walk {
  readonly #name: string;
  readonly #input: unknown;
  readonly #own: Variables;
  readonly #place: Place;
  readonly #deps: RunDeps;

  constructor(name: string, input: unknown, own: Variables, place: Place, deps: RunDeps) {
    this.#name = name;
    this.#input = input;
    this.#own = own;
    this.#place = place;
    this.#deps = deps;
  }

  async run(state: State): Promise<Step> {
    switch (state.Type) {
      case 'Task':
        return this.#withTrouble(state, (retries) => this.#task(state, retries));
      case 'Map':
        return this.#withTrouble(state, () => this.#map(state));
      case 'Choice':
        return this.#choice(state);
      case 'Wait':
        await this.#pause(await this.#number(state.Seconds, 'Seconds'));
        return this.#go(state, this.#input, {});
      case 'Pass':
        return this.#go(state, this.#input, {});
      case 'Succeed':
        return { output: await this.#output(state.Output, this.#input, {}) };
      case 'Fail':
        throw new AslFailure(
          String(await this.#eval(state.Error ?? 'States.Fail', {})),
          String(await this.#eval(state.Cause ?? '', {})),
        );
    }
  }

  async #withTrouble(
    state: Trouble & (Task | MapState),
    attempt: (retries: number) => Promise<unknown>,
  ): Promise<Step> {
    const tried = await tryHard(state, (retries) => this.#succeed(state, attempt(retries)), {
      pause: (seconds) => this.#pause(seconds),
      random: this.#deps.random,
      mustEnd: (thrown) => thrown instanceof Interrupted,
    });
    if (tried.is === 'done') return tried.value;
    const errorOutput = { Error: tried.failure.error, Cause: tried.failure.message };
    return this.#go(tried.by, errorOutput, { errorOutput });
  }

  /** Output and Assign belong to the attempt: where they cannot be evaluated, the attempt has failed. */
  async #succeed(state: Task | MapState, work: Promise<unknown>): Promise<Step> {
    const result = await this.#deps.history.unlessInterrupted(work);
    checkSize(result, `the result of '${this.#name}'`);
    return this.#go(state, result, { result });
  }

  async #task(state: Task, retries: number): Promise<unknown> {
    const token = this.#deps.newToken();
    const more = { State: { Name: this.#name, RetryCount: retries }, Task: { Token: token } };
    const args = await evaluate(state.Arguments ?? {}, this.#bindings({}, more));
    checkSize(args, `the arguments of '${this.#name}'`);
    return doTask({ state, args: args as Record<string, unknown>, token }, this.#deps);
  }

  async #map(state: MapState): Promise<unknown> {
    const items = await this.#eval(state.Items, {});
    if (!Array.isArray(items))
      throw new AslFailure('States.QueryEvaluationError', `Items of '${this.#name}' is no array`);
    const most = await this.#number(state.MaxConcurrency ?? 0, 'MaxConcurrency');
    const results: unknown[] = [];
    const left = items.entries();
    const work = async () => {
      for (const [index, item] of left) results[index] = await this.#item(state, index, item);
    };
    const workers = Math.min(items.length, most === 0 ? MOST_AT_ONCE : Math.min(most, MOST_AT_ONCE));
    // All of them come to their ends first, whatever becomes of one.
    const ended = await Promise.allSettled(Array.from({ length: workers }, work));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    return results;
  }

  async #item(state: MapState, Index: number, Value: unknown): Promise<unknown> {
    this.#deps.history.events += EVENTS_PER_ITEM;
    const context = { Map: { Item: { Index, Value } } };
    const input =
      state.ItemSelector === undefined ? Value : await evaluate(state.ItemSelector, this.#bindings({}, context));
    const place = { outer: { ...this.#place.outer, ...this.#own }, context: { ...this.#place.context, ...context } };
    return runStates(state.ItemProcessor, input, place, this.#deps);
  }

  async #choice(state: Choice): Promise<Step> {
    for (const rule of state.Choices) {
      const met = await this.#eval(rule.Condition, {});
      if (typeof met !== 'boolean')
        throw new AslFailure('States.QueryEvaluationError', `${rule.Condition} is no boolean`);
      if (met) return this.#go(rule, this.#input, {});
    }
    if (state.Default === undefined)
      throw new AslFailure('States.NoChoiceMatched', `no rule of '${this.#name}' is met`);
    return this.#go({ ...state, Next: state.Default }, this.#input, {});
  }

  /** Output and Assign see the variables as they were before. */
  async #go({ Output, Assign, Next }: Leaving, usual: unknown, more: Partial<Bindings['states']>): Promise<Step> {
    const [output, assigned] = await Promise.all([this.#output(Output, usual, more), this.#eval(Assign ?? {}, more)]);
    for (const [name, value] of Object.entries(assigned as object)) {
      if (name in this.#place.outer) throw new AslFailure('States.Runtime', `$${name} belongs to the scope around`);
      this.#own[name] = value;
    }
    return { output, next: Next };
  }

  async #output(template: unknown, usual: unknown, more: Partial<Bindings['states']>): Promise<unknown> {
    return template === undefined ? usual : this.#eval(template, more);
  }

  async #number(template: unknown, field: string): Promise<number> {
    const value = await this.#eval(template, {});
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw new AslFailure('States.QueryEvaluationError', `${field} of '${this.#name}' is ${JSON.stringify(value)}`);
  }

  #eval(template: unknown, more: Partial<Bindings['states']>): Promise<unknown> {
    return evaluate(template, this.#bindings(more, { State: { Name: this.#name, RetryCount: 0 } }));
  }

  #bindings(more: Partial<Bindings['states']>, context: Readonly<Record<string, unknown>>): Bindings {
    return {
      states: { input: this.#input, ...more, context: { ...this.#place.context, ...context } },
      variables: { ...this.#place.outer, ...this.#own },
      random: () => this.#deps.random(),
    };
  }

  #pause(seconds: number): Promise<void> {
    return this.#deps.history.unlessInterrupted(this.#deps.time.sleep(seconds).over);
  }
}

/** Inline Maps run 40 iterations at once (https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html). */
const MOST_AT_ONCE = 40;

interface Leaving {
  readonly Output?: unknown;
  readonly Assign?: unknown;
  readonly Next?: string | undefined;
}
