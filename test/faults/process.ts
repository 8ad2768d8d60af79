/**
 * One call of a function, as a process: everything it does to the world is a step that takes a moment. Between two steps
 * it can be ended, or stand still and wake up long after everybody has given it up. What is ended never hears an answer.
 */
import type { Random } from './random.ts';
import type { Story } from './story.ts';

/** What comes over a process at its step number `at`, and when in that step. */
export interface Fate {
  readonly is: 'dies' | 'freezes' | 'overtaken';
  readonly at: number;
  /** Once the step has had its effect, which nobody hears of. */
  readonly afterwards: boolean;
  /** How long it stands still. */
  readonly seconds: number;
  /** How many changes of others it is held up for, where it is overtaken. */
  readonly changes?: number;
}

export interface ProcessDeps {
  readonly now: () => Date;
  sleep(seconds: number): Promise<void>;
  /** Settles when the table has been changed so often, or after so many seconds. */
  changed(times: number, seconds: number): Promise<void>;
  readonly random: Random;
  readonly story: Story;
  /** Told before each step (its number within the process `who`), so that others can do something at that very moment. */
  onStep(who: string, step: number): void;
}

export interface ProcessProps {
  readonly name: string;
  readonly requestId: string;
  /** Its clock against the true time. */
  readonly offsetMs: number;
  readonly fate?: Fate | undefined;
}

export class Process {
  readonly name: string;
  readonly requestId: string;
  readonly died = Promise.withResolvers<void>();
  readonly #deps: ProcessDeps;
  readonly #offsetMs: number;
  readonly #fate: Fate | undefined;
  #steps = 0;
  #dead = false;
  #frozen = false;

  constructor(deps: ProcessDeps, { name, requestId, offsetMs, fate }: ProcessProps) {
    this.#deps = deps;
    this.name = name;
    this.requestId = requestId;
    this.#offsetMs = offsetMs;
    this.#fate = fate;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** True once it has stood still: nobody may hold it to its time any more. */
  get wasFrozen(): boolean {
    return this.#frozen;
  }

  readonly now = (): Date => new Date(this.#deps.now().getTime() + this.#offsetMs);

  /** Ends it where it is; one that stands still cannot be ended, it wakes up some day. */
  end(): void {
    if (this.#frozen || this.#dead) return;
    void this.#die('its time is over');
  }

  pause(seconds: number): Promise<void> {
    return this.#dead ? never() : this.#deps.sleep(seconds).then(() => (this.#dead ? never() : undefined));
  }

  /** Does something to the world, or comes to its end. @throws whatever `effect` throws */
  async step<T>(what: string, effect: () => T | Promise<T>): Promise<T> {
    const { random, sleep, onStep } = this.#deps;
    await this.pause(random.chance(0.1) ? random.between(0.05, 1.5) : random.between(0.001, 0.02));
    const due = this.#due();
    onStep(this.name, this.#steps);
    if (due?.is === 'freezes') {
      this.#frozen = true;
      this.#deps.story.tell(this.name, () => `stands still before it ${what}, for ${Math.round(due.seconds)} s`);
      await sleep(due.seconds);
      this.#deps.story.tell(this.name, () => `wakes up and ${what}`);
    }
    if (due?.is === 'overtaken') {
      this.#deps.story.tell(this.name, () => `is held up before it ${what}, until others have changed something`);
      await this.#deps.changed(due.changes ?? 1, due.seconds);
      await this.pause(0.6);
    }
    if (due?.is === 'dies' && !due.afterwards) return this.#die(`before it ${what}`);
    const result = await effect();
    if (due?.is === 'dies' && due.afterwards) return this.#die(`when it ${what}, before it hears of it`);
    return result;
  }

  #due(): Fate | undefined {
    this.#steps += 1;
    return this.#fate?.at === this.#steps ? this.#fate : undefined;
  }

  #die(how: string): Promise<never> {
    this.#dead = true;
    this.#deps.story.tell(this.name, () => `dies ${how}`);
    this.died.resolve();
    return never();
  }
}

/** What a dead process hears. */
function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
