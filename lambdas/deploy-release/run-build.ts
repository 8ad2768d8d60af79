/**
 * *Apply release*, in a build: the same operation as the function's, by a process that may be at work for long. It
 * says in the table that it has begun, waits by itself for what is busy or does not answer, and leaves its answer there.
 */
import { ApplyAnswer, type BuildOrder } from '../../contracts/deployer.ts';
import { commit } from '../../domain/commit.ts';
import type { BuildItem } from '../../domain/items/build.ts';
import { keys } from '../../domain/keys.ts';
import { create, replace } from '../../domain/table.ts';
import type { Deps, Renewing } from './deps.ts';
import { deployRelease } from './handler.ts';

/** One build. */
export interface Build extends Renewing {
  /** CodeBuild's id of it. */
  readonly id: string;
  /** When it is certainly over. */
  readonly ends: Date;
}

/** The turn has a build already, or was given up before this one started. */
export class TurnTaken extends Error {
  override readonly name = 'TurnTaken';
}

/** As patient with a cluster that does not answer as the machine is with the function. */
const MISSES = 20;
const MISS_MS = 15_000;
/** A claim of somebody else's is looked at again after this, for it usually ends long before its hard end. */
const BUSY_MS = 30_000;

/**
 * Does the order and writes down what it came to.
 * @throws TurnTaken when there is nothing to do; and whatever is a bug or the platform's trouble: then there is no answer.
 */
export function runBuild(deps: Deps) {
  const deploy = deployRelease({ ...deps, leavesPostHooks: false });
  return async (order: BuildOrder, { id, ends, every }: Build): Promise<ApplyAnswer> => {
    await begin(deps, order, id);
    const { turn, ...which } = order;
    const input = { ...which, operation: 'apply', values: [], invalid: [] };
    let misses = 0;
    for (;;) {
      const answer = ApplyAnswer.parse(await deploy(input, { requestId: id, hardEnd: ends, renews: { every } }));
      const pause = patienceWith(answer, misses);
      if (pause === undefined || deps.now().getTime() + pause >= ends.getTime()) {
        // Who only waited has nothing to say: the next turn waits on.
        if (answer.outcome !== 'busy') await leave(deps, order, answer);
        return answer;
      }
      misses = answer.outcome === 'unreachable' ? misses + 1 : 0;
      deps.log.info('waiting inside of the build', { ...which, turn, outcome: answer.outcome });
      await deps.pause(pause);
    }
  };
}

/** How long to wait before asking again; undefined when the answer stands. */
function patienceWith(answer: ApplyAnswer, misses: number): number | undefined {
  if (answer.outcome === 'busy') return Math.min(BUSY_MS, answer.seconds * 1000);
  return answer.outcome === 'unreachable' && misses < MISSES ? MISS_MS : undefined;
}

const keyOf = ({ rolloutId, environment, attempt, turn }: BuildOrder) =>
  keys.build(rolloutId, environment, attempt, turn);

function begin({ table, patience, now }: Deps, order: BuildOrder, buildId: string): Promise<void> {
  return commit(table, patience, async () => {
    const there = await table.get(keyOf(order));
    if (there?.buildId === buildId) return { writes: [], result: undefined };
    if (there !== undefined) throw new TurnTaken(`turn ${order.turn}: ${there.givenUp ?? `${there.buildId} has it`}`);
    const { rolloutId, environment, attempt, turn } = order;
    const which = { rolloutId, environment, attempt, turn };
    const item: Omit<BuildItem, 'rev'> = { type: 'build', v: 1, ...which, buildId, at: now().toISOString() };
    return { writes: [create(keyOf(order), item)], result: undefined };
  });
}

/** Nobody waits for the answer of a turn that was given up. */
function leave({ table, patience, log }: Deps, order: BuildOrder, answer: ApplyAnswer): Promise<void> {
  return commit(table, patience, async () => {
    const build = await table.get(keyOf(order));
    if (build !== undefined && build.givenUp === undefined) {
      return { writes: [replace(keyOf(order), build, { answer })], result: undefined };
    }
    log.warn('the turn was given up before this build had its answer', { ...order, outcome: answer.outcome });
    return { writes: [], result: undefined };
  });
}
