/** Begin and Finish side by side, in every order that fast-check can think of, over one table. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { DeploymentResult } from '../../domain/deployment/deployment-result.ts';
import type { DeploymentSeen } from '../../domain/deployment/look-at-deployment.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { LeaseItem } from '../../domain/items/release.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { catchUp } from '../../domain/rollout/number-news.ts';
import { countsAsFailure, isFinal } from '../../domain/states.ts';
import type { Table } from '../../domain/table.ts';
import { beginTry } from '../../lambdas/begin-deployment/handler.ts';
import { finishTry } from '../../lambdas/finish-deployment/handler.ts';
import { CALENDAR } from '../support/calendar.ts';
import { aSight, DEPLOYERS, tableOf } from '../support/deployment-table.ts';
import { aDeployment, aRollout, aStage, NOW } from '../support/items.ts';
import { keptLog } from '../support/kept-log.ts';

const ENVIRONMENTS = ['dev', 'staging', 'prod'];
const idOf = (sequence: number) => `01JD0Z5Q6X3N8V7T2K4M9R1B0${'ABCDEFGH'[sequence]}`;

/** Rollouts 1 to `count` of one package, each into all environments, with a budget that is never spent. */
function sights(count: number): DeploymentSeen[] {
  return Array.from({ length: count }, (_, i) => i + 1).flatMap((sequence) =>
    ENVIRONMENTS.map((environment) => {
      const rolloutId = idOf(sequence);
      const plan = aRollout().plan;
      const stages = [{ ...aStage({ failureBudget: 1000 }), size: 3 }];
      const rollout = aRollout({ id: rolloutId, sequence, ...(plan && { plan: { ...plan, stages } }) });
      const usual = aDeployment();
      const place = { ...usual.place, namespace: `web-${environment}` };
      return aSight({ rollout, deployment: aDeployment({ rolloutId, sequence, environment, place }) });
    }),
  );
}

/** The same table, each call of which waits until the scheduler lets it through. */
function slowly(table: Table, scheduler: fc.Scheduler): Table {
  const then =
    <A extends unknown[], R>(label: string, call: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      await scheduler.schedule(Promise.resolve(), label);
      return call(...args);
    };
  return { ...table, get: then('get', table.get) as Table['get'], transact: then('transact', table.transact) };
}

const failure = { code: 'not-ready' as const, because: 'not ready' };
const RESULTS: readonly DeploymentResult[] = [
  { is: 'ready', revision: 5, because: 'ready' },
  { is: 'blocked', failure: { code: 'forbidden', because: 'no' } },
  { is: 'rolled-back', failure, revision: 6 },
  { is: 'errored', failure: { code: 'internal', because: 'a bug' } },
];

/** Rules that no order may break, watched on every change of the table. */
function watch(table: MemoryTable): string[] {
  const broken: string[] = [];
  table.onChange((changes) => broken.push(...changes.flatMap(brokenBy)));
  return broken;
}

function brokenBy({ before, after }: Change): string[] {
  if (before?.type === 'lease' && after?.type === 'lease') return brokenLease(before, after);
  if (before?.type === 'release' && after?.type === 'release') {
    return after.highestSequence < before.highestSequence ? ['a sequence went down'] : [];
  }
  return before?.type === 'deployment' && isFinal(before.state) ? ['what was over was written again'] : [];
}

function brokenLease(before: LeaseItem, after: LeaseItem): string[] {
  if (after.fence < before.fence) return ['a fence went down'];
  const passed = before.holder !== undefined && after.holder !== undefined;
  return passed && before.holder?.rolloutId !== after.holder?.rolloutId ? ['a held lease went to another'] : [];
}

async function agree(table: MemoryTable, count: number): Promise<void> {
  for (let sequence = 1; sequence <= count; sequence++) {
    const deployments = await table.query(ranges.deployments(idOf(sequence)));
    await catchUp(table, { tries: 3, pause: async () => undefined }, idOf(sequence));
    const events = await table.get(keys.events(idOf(sequence)));
    const failures = await table.get(keys.failures(idOf(sequence), 'everyone'));
    const told = await table.query(ranges.events(idOf(sequence)));
    expect(told.map(({ number }) => number)).toEqual(told.map((_, i) => 4 + i));
    expect(events?.last).toBe(3 + told.length);
    const finished = told.filter(({ kind }) => kind === 'deployment-finished');
    expect(finished).toHaveLength(deployments.filter(({ state }) => isFinal(state)).length);
    expect(failures?.count ?? 0).toBe(deployments.filter(({ state }) => countsAsFailure(state)).length);
    expect(deployments.filter(inFlight)).toEqual([]);
  }
}
const inFlight = ({ state }: DeploymentItem) => ['applying', 'observing', 'rolling-back'].includes(state);

const patience = { tries: 200, pause: async () => {} };

test('in every order: one holder of a lease, fences and sequences only rise, everything ends once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.infiniteStream(fc.constantFrom(...RESULTS)), async (scheduler, results) => {
      const all = sights(3);
      const table = await tableOf(...all);
      const broken = watch(table);
      const deps = {
        table: slowly(table, scheduler),
        patience,
        deployers: DEPLOYERS,
        now: () => NOW,
        calendar: CALENDAR,
        log: keptLog(),
      };
      const [begin, finish] = [beginTry(deps), finishTry(deps)];
      const machine = async ({ deployment }: DeploymentSeen, result: DeploymentResult) => {
        const which = { v: 1, rolloutId: deployment.rolloutId, environment: deployment.environment, attempt: 1 };
        const { outcome } = await begin(which);
        if (outcome === 'begun') await finish({ ...which, result });
      };
      // Each try runs twice at once, as after a Retry whose predecessor still runs.
      const machines = all.flatMap((sight) => {
        const result = results.next().value;
        return [machine(sight, result), machine(sight, result)];
      });
      await scheduler.waitFor(Promise.all(machines));
      expect(broken).toEqual([]);
      await agree(table, 3);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('of forty siblings that begin at once, all begin, and the history has no gap', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `e${i}`);
  const all = names.map((environment) => {
    const place = { ...aDeployment().place, namespace: `web-${environment}` };
    return aSight({ deployment: aDeployment({ environment, place }) });
  });
  const table = await tableOf(...all);
  const begin = beginTry({ table, patience, deployers: DEPLOYERS, now: () => NOW, calendar: CALENDAR, log: keptLog() });
  const id = all[0]?.rollout.id ?? '';
  const answers = await Promise.all(
    names.map((environment) => begin({ v: 1, rolloutId: id, environment, attempt: 1 })),
  );
  expect(answers.filter(({ outcome }) => outcome === 'begun')).toHaveLength(40);
  await catchUp(table, { tries: 3, pause: async () => undefined }, id);
  expect((await table.get(keys.events(id)))?.last).toBe(43);
});
