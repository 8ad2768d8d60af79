/** One execution of a state machine: what it has come to, and how it is ended from outside. */
import type { MachineDefinition } from './definition.ts';
import { AslFailure } from './failure.ts';

export interface Ended {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly input: unknown;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** Ends an execution from outside its states: no Retry and no Catch holds it up. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly status: 'TIMED_OUT' | 'ABORTED';

  constructor(status: 'TIMED_OUT' | 'ABORTED') {
    super(`the execution is ${status}`);
    this.status = status;
  }
}

/** What an execution begins with. */
export interface Started {
  readonly arn: string;
  readonly machineArn: string;
  readonly definition: MachineDefinition;
  readonly name: string;
  readonly input: unknown;
  readonly startedAt: Date;
}

export interface Execution extends Pick<Started, 'arn' | 'name' | 'input'> {
  /** States in the order in which they were entered, those inside Maps too. */
  readonly visited: readonly string[];
  /** What each of them was given. */
  readonly inputs: readonly unknown[];
  /** About how many events its history has. */
  readonly events: number;
  readonly over: boolean;
  /** Settles with the end; never rejects. */
  readonly ended: Promise<Ended>;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_EVENTS = 25_000;
const MOST_BYTES = 262_144;

/** Keeps an execution's history, with the quotas of AWS. */
export class History {
  readonly visited: string[] = [];
  readonly inputs: unknown[] = [];
  events = 0;
  readonly #interrupt = Promise.withResolvers<never>();

  constructor() {
    // Nobody may be listening when it comes.
    this.#interrupt.promise.catch(() => undefined);
  }

  /** @throws AslFailure `States.Runtime` when the history is full. */
  enter(state: string, input: unknown, events: number): void {
    this.visited.push(state);
    this.inputs.push(input);
    this.events += events;
    if (this.events > MOST_EVENTS) throw new AslFailure('States.Runtime', `more than ${MOST_EVENTS} events`);
  }

  interrupt(status: 'TIMED_OUT' | 'ABORTED'): void {
    this.#interrupt.reject(new Interrupted(status));
  }

  /** `work`, unless the execution is ended from outside first. */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.#interrupt.promise, work]);
  }
}

/** @throws AslFailure `States.DataLimitExceeded` for what is too large to travel between states. */
export function checkSize(data: unknown, what: string): void {
  const size = Buffer.byteLength(JSON.stringify(data) ?? '');
  if (size > MOST_BYTES) throw new AslFailure('States.DataLimitExceeded', `${what} has ${size} bytes`);
}
