/** Whatever breaks, is lost, comes twice or late: every rollout ends, and no rule of the house is broken on the way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { DeployerInput } from '../../contracts/deployer.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { ranges } from '../../domain/keys.ts';
import { placeId } from '../../domain/registry/place.ts';
import { isFinal, isInFlight, isOpen } from '../../domain/states.ts';
import { aStage } from '../support/items.ts';
import { rolloutWorld } from '../support/rollout-world.ts';

const ROLLOUTS = ['A', 'B', 'C'].map((letter) => `01JD0Z5Q6X3N8V7T2K4M9R1B0${letter}`);
const ENVIRONMENTS = ['dev', 'eu', 'us'];
const only = (...names: string[]) => names.map((name) => ({ name }));
const STAGES = [
  [aStage({ name: 'first', targets: only('dev'), soakMinutes: 5 }), aStage({ failureBudget: 1 })],
  [aStage({ targets: only('eu', 'us'), maxParallel: 1 })],
  [aStage({ targets: only('dev') })],
];

/**
 * What goes wrong, in order: each time something may, the next number says whether it does, high ones do. When they are used up, all
 * is well.
 */
const luck = fc.array(fc.nat(99), { maxLength: 150, size: 'max' });

function fate(numbers: readonly number[]): () => number {
  let next = 0;
  return () => numbers[next++] ?? 0;
}

const failure = { code: 'not-ready', because: 'Deployment webui is not ready' };
const APPLY = [
  { outcome: 'failed', failure },
  { outcome: 'blocked', failure: { code: 'forbidden', because: 'no rights' } },
  { outcome: 'unreachable', because: 'connection refused' },
  { outcome: 'busy', until: '2026-11-21T10:05:00.000Z', seconds: 30, because: 'an operation is at work' },
  { outcome: 'unchanged', revision: 1, because: 'same inputs' },
];
const OBSERVE = [
  { outcome: 'failed', failure },
  { outcome: 'not-yet', because: '1 of 2' },
  { outcome: 'unreachable', because: 'no answer' },
];
const ROLL_BACK = [
  { outcome: 'refused', because: 'it made volumes' },
  { outcome: 'uninstalled', because: 'it was the first' },
];

function deploys(draw: () => number) {
  const among = (bad: readonly object[], well: object) => bad[Math.floor((99 - draw()) / 8)] ?? well;
  return ({ operation }: DeployerInput): object => {
    if (operation === 'apply') return among(APPLY, { outcome: 'applied', revision: 1, because: 'applied' });
    if (operation === 'observe') return among(OBSERVE, { outcome: 'ready', because: 'ready' });
    if (operation === 'evidence') return { outcome: 'kept', key: 'evidence.json' };
    return among(ROLL_BACK, { outcome: 'rolled-back', revision: 2, because: 'to revision 0' });
  };
}

/** What no change of the table may do. */
function watch(table: MemoryTable): string[] {
  const broken: string[] = [];
  table.onChange((changes) => {
    for (const change of changes) broken.push(...brokenBy(change));
    const busy = table
      .all()
      .flatMap((item) => (item.type === 'deployment' && isInFlight(item.state) ? [placeId(item.place)] : []));
    if (new Set(busy).size < busy.length) broken.push(`two deployments under way at one place: ${busy.join(', ')}`);
  });
  return broken;
}

function brokenBy({ before, after }: Change): readonly string[] {
  if (before?.type === 'rollout' && !isOpen(before.state)) return [`rollout ${before.id} changed after its end`];
  if (before?.type === 'deployment' && after?.type === 'deployment' && isFinal(before.state)) {
    if (after.state !== before.state && !turnedBad(before, after))
      return [`${before.environment} changed after its end`];
  }
  if (before?.type === 'release' && after?.type === 'release' && after.highestSequence < before.highestSequence)
    return [`an older rollout went over a newer one in ${after.environment}`];
  return [];
}

/** What succeeded may turn bad during its stage's soak, seen by a look: a try of its own. */
function turnedBad(before: DeploymentItem, { state, attempt, begun }: DeploymentItem): boolean {
  return before.state === 'succeeded' && ['failed', 'errored'].includes(state) && attempt === begun;
}

test('three rollouts of a package end, whatever goes wrong, one at a time in each place', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(luck, luck, luck, async (calls, records, clusters) => {
      const [breaks, comes, fares] = [fate(calls), fate(records), fate(clusters)];
      const world = await rolloutWorld({
        environments: ENVIRONMENTS,
        sweeps: true,
        deployer: deploys(fares),
        around: () => {
          if (breaks() >= 88) throw new Error('killed');
        },
        stream: () => {
          const drawn = comes();
          if (drawn >= 85) return [];
          if (drawn >= 70) return [0.01, 30];
          return drawn >= 60 ? [200] : [0.01];
        },
      });
      const broken = watch(world.table);
      for (const [i, id] of ROLLOUTS.entries()) await world.request(id, STAGES[i]);
      const ended = await world.over(...ROLLOUTS);
      expect(ended.filter(({ state }) => isOpen(state))).toEqual([]);
      expect(broken).toEqual([]);
      expect(await world.table.query(ranges.open('webui'))).toEqual([]);
      for (const { id, finishedAt, outcome } of ended) {
        expect(finishedAt, id).toBeDefined();
        expect(outcome, id).toBeDefined();
        const events = await world.table.query(ranges.events(id));
        expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
        expect(events.filter(({ kind }) => kind === 'rollout-finished')).toHaveLength(1);
      }
    }),
    { numRuns: 80 },
  );
});
