/** Lambda as its callers know it: throttles, breaks off, loses answers, ends what takes too long, and calls again what it should not. */
import { AslFailure } from '../../local/asl/failure.ts';
import type { VirtualTime } from '../../local/asl/virtual-time.ts';
import type { Faults } from './faults.ts';
import { type Fate, Process, type ProcessDeps } from './process.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';

/** One function: what it does in a process of its own, and when that is ended. */
export interface SimFunction {
  readonly timeoutSeconds: number;
  /** About how many steps a call has: where it may break. */
  readonly steps: number;
  handle(process: Process, payload: unknown): Promise<unknown>;
}

export interface PlatformDeps extends ProcessDeps {
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly random: Random;
  readonly story: Story;
  readonly functions: Readonly<Record<string, SimFunction>>;
  /** Keeps the world going until `work` is done. */
  during(work: Promise<unknown>): void;
}

/** Calls the function `name`; `about` says in the story what for. @throws AslFailure by AWS's names, or what the function threw */
export type Invoke = (name: string, about: string, payload: unknown) => Promise<unknown>;

/** How long processes stand still: beyond a function's time, an operation's, a lease's, everybody's patience. */
const STANDS_STILL: readonly (readonly [number, number])[] = [
  [5, 30],
  [5, 60],
  [150, 200],
  [850, 1000],
  [2200, 2500],
  [3500, 8000],
];

export function platform(deps: PlatformDeps): Invoke {
  const { time, faults, random, functions, story, during } = deps;
  const offsets = new Map<string, number>();
  let calls = 0;

  const offsetOf = (name: string): number => {
    const known = offsets.get(name) ?? (faults.strikes('clock-off', name) ? random.int(-3000, 3000) : 0);
    offsets.set(name, known);
    return known;
  };

  /** What never gets to work. */
  const admitted = (name: string, who: string): SimFunction => {
    const called = functions[name];
    if (called === undefined) throw new Error(`there is no function ${name}`);
    if (faults.strikes('function-throttled', who)) throw failure('Lambda.TooManyRequestsException');
    if (faults.strikes('dies-before', who)) throw failure('Runtime.ExitError');
    return called;
  };

  return async (name, about, payload) => {
    const who = `${name} ${about}`;
    const called = admitted(name, who);
    calls += 1;
    const fate = fateOf(deps, called, who);
    const process = new Process(deps, { name: who, requestId: `r-${calls}`, offsetMs: offsetOf(name), fate });
    const late = time.sleep(called.timeoutSeconds);
    const lost = time.sleep(faults.strikes('answer-lost', who) ? random.between(0.01, 3) : Number.POSITIVE_INFINITY);
    const timedOut = late.over.then(() => {
      process.end();
      story.tell(who, () => 'is given up by the platform: its time is over');
      throw failure('Sandbox.Timedout');
    });
    const work = called.handle(process, payload);
    during(Promise.race([work, process.died.promise]).catch(() => undefined));
    try {
      const answer = await Promise.race([
        work,
        timedOut,
        process.died.promise.then(() => Promise.reject(failure('Runtime.ExitError'))),
        lost.over.then(() => Promise.reject(failure('Lambda.SdkClientException'))),
      ]);
      if (faults.strikes('dies-after', who)) throw failure('Runtime.ExitError');
      return answer;
    } catch (error) {
      story.tell(who, () => `is heard to fail: ${wordsOf(error)}`);
      throw error;
    } finally {
      lost.cancel();
      if (process.dead) late.cancel();
      // Whoever goes on unheard is still ended in time.
      else void work.then(late.cancel, late.cancel);
      timedOut.catch(() => undefined);
    }
  };
}

function fateOf({ faults, random }: PlatformDeps, { steps }: SimFunction, who: string): Fate | undefined {
  const at = () => random.int(1, steps);
  // What has begun to write is the most interesting to be held up.
  const most = () => random.int(random.chance(0.6) ? Math.ceil(steps * 0.45) : 1, steps);
  if (faults.strikes('dies-during', who)) return { is: 'dies', at: at(), afterwards: random.chance(0.5), seconds: 0 };
  if (faults.strikes('overtaken', who)) {
    return { is: 'overtaken', at: most(), afterwards: false, seconds: 20, changes: random.int(1, 6) };
  }
  // A deployer that stands still is what the fence is for.
  const chances = who.startsWith('deploy-release') ? 3 : 1;
  const freezes = Array.from({ length: chances }).some(() => faults.strikes('freezes', who));
  if (!freezes) return undefined;
  const [from, to] = random.pick(STANDS_STILL);
  return { is: 'freezes', at: most(), afterwards: false, seconds: random.between(from, to) };
}

const wordsOf = (error: unknown) => (error instanceof AslFailure ? error.error : String(error));
const failure = (error: string) => new AslFailure(error, 'simulated');
