/** One scenario from its seed to its end: what it broke, what struck it, and its story when that is wanted. */
import { keys } from '../../domain/keys.ts';
import type { FaultCounts } from './faults.ts';
import { watchEnds } from './rules/ends.ts';
import { watchHistory } from './rules/history.ts';
import { watchItems } from './rules/items.ts';
import { watchKeeps } from './rules/keeps.ts';
import { watchLeaks } from './rules/leaks.ts';
import { watchLeases } from './rules/leases.ts';
import { watchOrder } from './rules/order.ts';
import { watchStrangers } from './rules/strangers.ts';
import { watchWaits } from './rules/waits.ts';
import { watchWrites } from './rules/writes.ts';
import { CANARY, type Scenario, scenario, type WantedRollout } from './scenario.ts';
import { speak, steerOver } from './steer.ts';
import type { Watcher } from './watcher.ts';
import { type World, world } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  /** Rules that were broken, each with what broke it. */
  readonly broken: readonly string[];
  readonly faults: FaultCounts;
  readonly milliseconds: number;
  readonly story: readonly string[];
}

/** After this, nothing goes wrong any more. */
const TROUBLED_MINUTES = 180;
/** From then on it has so long to come to its end. */
const CALM_MINUTES = 3 * 24 * 60;
const UNSWEPT_MINUTES = 60;
const MOST_BROKEN = 5;

/** Runs it. `keep` keeps the story: slower, otherwise the same. */
export async function runSeed(seed: number, keep = false): Promise<SeedResult> {
  const began = performance.now();
  const drawn = scenario(seed);
  const broken: string[] = [];
  const it = await world(drawn, keep);
  const say = (rule: string, what: string) => {
    it.story.tell('*** BROKEN', () => `${rule}: ${what}`);
    if (broken.length < MOST_BROKEN) broken.push(`${rule}: ${what}`);
  };
  it.watchers.push(...watchers(it, say));
  try {
    await it.time.run(live(it, drawn, () => broken.length > 0));
  } catch (error) {
    say('nothing breaks that is not meant to', error instanceof Error ? `${error.stack}` : String(error));
  }
  if (broken.length === 0) for (const watcher of it.watchers) watcher.atEnd?.();
  return { seed, broken, faults: it.faults.counts, milliseconds: performance.now() - began, story: it.story.lines };
}

function watchers(it: World, broken: (rule: string, what: string) => void): Watcher[] {
  const deps = { table: it.table, now: () => it.time.now(), broken };
  const { wakesReliably } = it.faults;
  const isWaiting = (token: string) => it.runner.isWaiting(token);
  return [
    watchItems(deps),
    watchHistory(deps),
    watchLeases(deps),
    watchWrites(deps),
    watchOrder(deps),
    watchKeeps(deps),
    watchStrangers(deps),
    watchLeaks(deps, CANARY),
    watchWaits({ ...deps, sleep: it.sleep, isWaiting, wakesReliably }),
    watchEnds(deps),
  ];
}

async function live(it: World, { rollouts }: Scenario, isBroken: () => boolean): Promise<void> {
  it.during(Promise.all(rollouts.map((wanted, i) => ask(it, wanted, i))));
  let encores = it.random.pick([0, 0, 1, 2]);
  for (let minute = 1; minute <= TROUBLED_MINUTES + CALM_MINUTES; minute++) {
    if (minute === TROUBLED_MINUTES) it.faults.end();
    await it.sleep(60);
    if (isBroken()) return;
    if (await it.isOver()) {
      if (encores <= 0) return;
      encores -= 1;
      it.during(steerOver(it.steering));
    }
    it.during(attend(it));
    // Where no wake-up can be lost, the sweeper comes late: it would hide one that is.
    const sweeps = !it.faults.wakesReliably || minute > UNSWEPT_MINUTES;
    if (!sweeps || it.faults.strikes('sweep-missed', 'this minute')) continue;
    void it.invoke('sweep-rollouts', '', {}).catch(() => undefined);
  }
}

/** Who waits for a word gets one some minutes later; a freeze that was forgotten is lifted in the end. */
async function attend({ table, steering, random, faults, call }: World): Promise<void> {
  const waits = table.all().flatMap((item) => (item.type === 'wait' ? item : []));
  for (const { rolloutId, on } of waits) {
    if (on !== 'gate' || !random.chance(0.3)) continue;
    const rollout = await table.get(keys.rollout(rolloutId));
    if (rollout !== undefined) await speak(steering, rollout);
  }
  const forgotten = faults.over && waits.some(({ on }) => on === 'freeze');
  if (forgotten) await call('DELETE', '/freezes/night');
}

async function ask(it: World, { at, version, stages }: WantedRollout, number: number): Promise<void> {
  await it.sleep(at);
  const body = { version, stages, values: { token: CANARY } };
  await it.call('POST', '/packages/webui/rollouts', { as: 'source', key: `key-${number}`, body });
}
