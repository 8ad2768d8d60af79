/** How executions, table and stream keep each other going, whoever dies when: the shipped machines and the real functions. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../adapters/memory/memory-table.ts';
import { nameOfRun } from '../../contracts/ended-execution.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { abortRollout } from '../../domain/rollout/abort-rollout.ts';
import { lookAtRollout } from '../../domain/rollout/look-at-rollout.ts';
import { recordContinuation } from '../../domain/rollout/record-turn.ts';
import { aLease, aStage, NOW } from '../support/items.ts';
import { type Reader, type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const A = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
const B = '01JD0Z5Q6X3N8V7T2K4M9R1B0B';
const only = (...names: string[]) => names.map((name) => ({ name }));
const minutes = (time: string | undefined) => (Date.parse(time ?? '') - NOW.getTime()) / 60_000;
const isRun = ({ after }: Change, run: number) => after?.type === 'run' && after.run === run;
const countOf = (world: RolloutWorld, name: string) => world.called.filter((called) => called === name).length;

describe('a whole rollout', () => {
  test('goes stage by stage, soaks in between, and leaves its assignments', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'] });
    await world.request(A, [
      aStage({ name: 'canary', targets: only('dev'), soakMinutes: 10 }),
      aStage({ name: 'everyone', targets: [{}] }),
    ]);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', outcome: { code: 'succeeded' } });
    const ends = (await world.deployments(A)).map(({ state, finishedAt }) => [state, minutes(finishedAt) >= 10]);
    expect(ends).toEqual([
      ['succeeded', false],
      ['succeeded', true],
      ['succeeded', true],
    ]);
    expect(await world.table.query(ranges.open('webui'))).toEqual([]);
    expect((await world.table.query(ranges.assignments('webui'))).map(({ rolloutId }) => rolloutId)).toEqual([A, A]);
    expect(await world.table.get(keys.wait(A))).toBeUndefined();
    expect(world.deadLetters).toEqual([]);
  });

  test('has a history without gaps, in the order of time', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'] });
    await world.request(A);
    await world.over(A);
    const events = await world.table.query(ranges.events(A));
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
    expect(events.at(-1)).toMatchObject({ kind: 'rollout-finished', state: 'succeeded' });
  });

  test('stops where its budget is spent, rolls back what is bad and touches nothing behind it', async () => {
    const failure = { code: 'not-ready', because: 'Deployment webui is not ready' };
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      deployer: ({ operation }) => {
        if (operation === 'apply') return { outcome: 'failed', failure };
        if (operation === 'evidence') return { outcome: 'kept', key: 'evidence.json' };
        return { outcome: 'uninstalled', because: 'there was none before' };
      },
    });
    await world.request(A, [aStage({ name: 'first', targets: only('dev') }), aStage()]);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'failed', outcome: { code: 'stage-failed' } });
    expect((await world.deployments(A)).map(({ state }) => state)).toEqual(['rolled-back', 'pending']);
    expect(await world.table.query(ranges.assignments('webui'))).toEqual([]);
  });

  test('is aborted while it soaks, at once', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, [aStage({ name: 'first', targets: only('dev'), soakMinutes: 600 }), aStage()]);
    await world.pass(60);
    expect((await world.rollout(A)).state).toBe('waiting');
    await world.abort(A);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('aborted');
    expect(minutes(rollout?.finishedAt)).toBeLessThan(1.1);
  });

  test('waits for a release that somebody else holds, and says so once', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    const deadline = new Date(NOW.getTime() + 20 * 60_000).toISOString();
    const holder = { rolloutId: B, environment: 'dev', attempt: 1, deadline };
    const lease = aLease({ holder });
    const key = keys.lease(lease.cluster, lease.namespace, lease.release);
    await world.table.transact([{ do: 'put', key, item: lease, expect: 'any' }]);
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('succeeded');
    expect(minutes(rollout?.finishedAt)).toBeGreaterThanOrEqual(20);
    const told = (await world.table.query(ranges.events(A))).filter(({ kind }) => kind === 'deployment-deferred');
    expect(told).toHaveLength(1);
    expect((await world.deployments(A))[0]).toMatchObject({ state: 'succeeded', lost: 0 });
  });

  test('goes on as a new run when its history grows long', async () => {
    const world = await rolloutWorld({ environments: ['dev'] });
    const deadline = new Date(NOW.getTime() + 2 * 3_600_000).toISOString();
    const lease = aLease({ holder: { rolloutId: B, environment: 'dev', attempt: 1, deadline } });
    const key = keys.lease(lease.cluster, lease.namespace, lease.release);
    await world.table.transact([{ do: 'put', key, item: lease, expect: 'any' }]);
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('succeeded');
    expect(rollout?.run).toBeGreaterThan(1);
    for (const { events } of world.runner.executions) expect(events).toBeLessThan(25_000);
  });
});

describe('the queue of a package', () => {
  test('lets the first go first where they share an environment, and wakes the second as soon as it may go', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, [aStage({ name: 'first', targets: only('dev'), soakMinutes: 7 }), aStage()]);
    await world.request(B, [aStage({ targets: only('eu') })]);
    const [first, second] = await world.over(A, B);
    expect([first?.state, second?.state]).toEqual(['succeeded', 'succeeded']);
    const began = (await world.deployments(B))[0]?.startedAt;
    expect(minutes(began)).toBeGreaterThanOrEqual(minutes(first?.finishedAt));
    expect(minutes(began) - minutes(first?.finishedAt)).toBeLessThan(0.1);
  });

  test('lets those pass that share nothing', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, [
      aStage({ name: 'first', targets: only('dev'), soakMinutes: 60 }),
      aStage({ targets: only('dev') }),
    ]);
    await world.request(B, [aStage({ targets: only('eu') })]);
    const [first, second] = await world.over(A, B);
    expect(minutes(second?.finishedAt)).toBeLessThan(2);
    expect(first?.state).toBe('succeeded');
  });

  test('goes on when the first dies right after its end was written: the stream wakes, not the changer', async () => {
    let died = false;
    const world = await rolloutWorld({
      environments: ['dev'],
      around: (moment, name) => {
        if (moment !== 'after' || name !== 'finish-rollout' || died) return;
        died = true;
        throw new Error('killed');
      },
    });
    await world.request(A);
    await world.request(B);
    const [first, second] = await world.over(A, B);
    expect([died, first?.state, second?.state]).toEqual([true, 'succeeded', 'succeeded']);
    expect(minutes(second?.finishedAt) - minutes(first?.finishedAt)).toBeLessThan(0.5);
  });

  test('goes on without any wake-up at all, only later', async () => {
    const world = await rolloutWorld({
      environments: ['dev'],
      stream: (reader) => (reader === 'wake-rollout' ? [] : [0.01]),
    });
    await world.request(A);
    await world.request(B);
    const [, second] = await world.over(A, B);
    expect(second?.state).toBe('succeeded');
    expect(minutes(second?.finishedAt)).toBeLessThan(16);
  });
});

describe('a wake-up is not lost', () => {
  const soaking = [aStage({ name: 'first', targets: only('dev'), soakMinutes: 600 }), aStage()];

  test('when the change comes before the token is stored, and its record before that too', async () => {
    const world: RolloutWorld = await rolloutWorld({
      environments: ['dev', 'eu'],
      around: async (moment, name) => {
        if (moment !== 'before' || name !== 'store-wait') return;
        await world.abort(A);
        await world.time.sleep(1).over;
      },
    });
    await world.request(A, soaking);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('aborted');
    expect(minutes(rollout?.finishedAt)).toBeLessThan(1);
  });

  test('when the change comes right after the token is stored, and its record never', async () => {
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      stream: (reader) => (reader === 'wake-rollout' ? [] : [0.01]),
    });
    world.table.onChange((changes) => {
      if (changes.some(({ after }) => after?.type === 'wait')) abortAtOnce(world);
    });
    await world.request(A, soaking);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('aborted');
    expect(minutes(rollout?.finishedAt)).toBeLessThan(1);
  });

  test('when waking fails for a while: the record comes again from the retry queue', async () => {
    let failures = 0;
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      around: (moment, name) => {
        if (moment === 'before' && name === 'SendTaskSuccess' && ++failures <= 3) throw new Error('throttled');
      },
    });
    await world.request(A, soaking);
    await world.pass(60);
    await world.abort(A);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('aborted');
    expect(minutes(rollout?.finishedAt)).toBeLessThan(15);
    expect(world.deadLetters).toEqual([]);
  });

  test('and what nobody can handle is kept as a dead letter', async () => {
    const gate = { approvals: 1, authorMayApprove: false, hours: 72, statuses: [] };
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      around: (moment, name) => {
        if (moment === 'before' && name === 'SendTaskSuccess') throw new Error('denied');
      },
    });
    await world.request(A, [aStage({ name: 'first', targets: only('dev') }), aStage({ gate })]);
    await world.pass(60);
    await world.abort(A);
    await world.over(A);
    await world.pass(1800);
    expect(world.deadLetters.length).toBeGreaterThan(0);
  });
});

/** An abort that nothing comes in front of: not even the next read of whoever has just written. */
function abortAtOnce({ table, time }: RolloutWorld): void {
  const items = table.all();
  const rollout = items.find((item) => item.type === 'rollout');
  const events = items.find((item) => item.type === 'events');
  if (rollout === undefined || events === undefined) return;
  const answer = abortRollout({ rollout, events }, { by: 'operator/ann', reason: 'enough' }, time.now());
  if (answer.answer === 'asked') void table.transact(answer.writes);
}

describe('a child that dies', () => {
  test('before Begin, three times in a row, ends its deployment as lost', async () => {
    const world = await rolloutWorld({
      environments: ['dev', 'eu'],
      around: (_, name, payload) => {
        if (name === 'begin-deployment' && JSON.stringify(payload).includes('"dev"')) throw new Error('no memory');
      },
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'errored', outcome: { code: 'lost' } });
    const [dev, eu] = await world.deployments(A);
    expect(dev).toMatchObject({ state: 'errored', attempt: 3, begun: 0, outcome: { code: 'lost' } });
    expect(eu).toMatchObject({ state: 'succeeded', attempt: 1 });
  });

  test('before Begin, twice, succeeds at the third attempt', async () => {
    let stopped = 0;
    const world: RolloutWorld = await rolloutWorld({
      environments: ['dev'],
      around: async (moment, name) => {
        if (moment !== 'before' || name !== 'begin-deployment' || stopped === 2) return;
        stopped += 1;
        const child = world.runner.executions.find((execution) => execution.name === `${A}-dev-${stopped}`);
        if (child !== undefined) world.runner.stop(child);
        await new Promise(() => undefined);
      },
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout?.state).toBe('succeeded');
    expect((await world.deployments(A))[0]).toMatchObject({ state: 'succeeded', attempt: 3, lost: 0 });
  });

  test('after Begin is finished by EventBridge, and the rollout sees it at once', async () => {
    const world: RolloutWorld = await rolloutWorld({
      environments: ['dev'],
      deployer: ({ operation }) => {
        const child = world.runner.executions.find(({ name }) => name === `${A}-dev-1`);
        if (child !== undefined) world.runner.stop(child);
        return { outcome: operation === 'apply' ? 'applied' : 'ready', revision: 1, because: 'so' };
      },
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'errored', outcome: { code: 'interrupted' } });
    expect(minutes(rollout?.finishedAt)).toBeLessThan(1);
  });

  test('after Begin, and EventBridge too, is given up after its deadline', async () => {
    const world: RolloutWorld = await rolloutWorld({
      environments: ['dev'],
      around: (_, name) => {
        if (name === 'finish-deployment') throw new Error('denied');
      },
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'errored', outcome: { code: 'lost' } });
    expect(minutes(rollout?.finishedAt)).toBeGreaterThan(50);
  });
});

describe('two executions of one rollout', () => {
  const anotherRun = async ({ table, time }: RolloutWorld): Promise<void> => {
    const seen = await lookAtRollout(table, A);
    if (seen !== undefined) await table.transact(recordContinuation(seen, 'a test asks for it', time.now()));
  };

  test.each([
    ['while it soaks', [aStage({ name: 'first', targets: only('dev'), soakMinutes: 30 }), aStage()], 60, 1, 2],
    ['before it has planned', [aStage({ name: 'first', targets: only('dev') }), aStage()], 0, 0, 0],
  ])('%s: the old one stands down and nothing is done twice', async (_, stages, seconds, deploys, looks) => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, stages);
    if (seconds > 0) await world.pass(seconds);
    await anotherRun(world);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 2 });
    expect(countOf(world, 'deploy-release')).toBe(4 + looks);
    const runs = world.runner.executions.filter(
      ({ name }) => name.startsWith(A) && !name.includes('dev') && !name.includes('eu'),
    );
    expect(runs.map(({ name }) => name).toSorted()).toEqual([1, 2].map((run) => nameOfRun({ rolloutId: A, run })));
    for (const { ended } of runs) expect(await ended).toMatchObject({ status: 'SUCCEEDED' });
    const old = runs.find(({ name }) => name === nameOfRun({ rolloutId: A, run: 1 }));
    expect(old?.visited.filter((state) => state === 'Deploy')).toHaveLength(deploys);
    expect(old?.visited).not.toContain('Finish rollout');
  });

  test('while the old one deploys: the new one waits for what is under way', async () => {
    const world: RolloutWorld = await rolloutWorld({
      environments: ['dev', 'eu'],
      around: async (moment, name, payload) => {
        if (moment !== 'before' || name !== 'deploy-release' || !JSON.stringify(payload).includes('"dev"')) return;
        if ((await world.rollout(A)).run === 1) await anotherRun(world);
        await world.time.sleep(100).over;
      },
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 2 });
    expect(countOf(world, 'begin-deployment')).toBe(2);
    expect(minutes(rollout?.finishedAt)).toBeLessThan(5);
  });
});

describe('the stream', () => {
  test('may tell everything twice, and late', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'], stream: () => [0.01, 0.01, 45] });
    await world.request(A, [aStage({ name: 'first', targets: only('dev'), soakMinutes: 5 }), aStage()]);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 1 });
    // Two deployments, and one look when the soak is over.
    expect(countOf(world, 'begin-deployment')).toBe(3);
    expect(world.deadLetters).toEqual([]);
  });

  test('may lose a start: the sweeper notices after a minute, not before', async () => {
    const world = await rolloutWorld({
      environments: ['dev'],
      stream: (reader: Reader, change) => (reader === 'start-rollout' && isRun(change, 1) ? [] : [0.01]),
    });
    await world.request(A);
    await world.pass(59);
    expect(await world.sweep()).toMatchObject({ started: 0 });
    await world.pass(1);
    expect(await world.sweep()).toMatchObject({ started: 1 });
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 2 });
  });

  test('may bring a start after the sweeper has asked for another: it stands down', async () => {
    const world = await rolloutWorld({
      environments: ['dev'],
      stream: (_, change) => (isRun(change, 1) ? [90] : [0.01]),
      sweeps: true,
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    await world.pass(120);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 2 });
    expect(countOf(world, 'begin-deployment')).toBe(1);
    const late = world.runner.executions.find(({ name }) => name === nameOfRun({ rolloutId: A, run: 1 }));
    expect(await late?.ended).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('may be broken for hours: runs do not pile up, and one of them gets through', async () => {
    const world = await rolloutWorld({
      environments: ['dev'],
      stream: (reader, change) =>
        reader === 'start-rollout' && change.after?.type === 'run' && change.after.run < 5 ? [] : [0.01],
      sweeps: true,
    });
    await world.request(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 5 });
    expect(minutes(rollout?.finishedAt)).toBeLessThan(20);
  });
});

describe('our own trouble', () => {
  test.each(['plan-rollout', 'decide-next', 'finish-rollout'])('in %s for a while changes nothing', async (broken) => {
    let failures = 0;
    const world = await rolloutWorld({
      environments: ['dev'],
      around: (_, name) => {
        if (name === broken && ++failures <= 4) throw new Error('unlucky');
      },
    });
    await world.request(A);
    expect((await world.over(A))[0]?.state).toBe('succeeded');
  });

  test.each(['plan-rollout', 'decide-next'])('in %s that stays ends errored, and the queue goes on', async (broken) => {
    const world = await rolloutWorld({
      environments: ['dev'],
      around: (_, name, payload) => {
        if (name === broken && JSON.stringify(payload).includes(A)) throw new Error('a bug');
      },
    });
    await world.request(A);
    await world.request(B);
    const [first, second] = await world.over(A, B);
    expect(first).toMatchObject({ state: 'errored', outcome: { code: 'internal' } });
    expect(second?.state).toBe('succeeded');
  });

  test('of an execution that somebody stopped ends errored through EventBridge', async () => {
    const world = await rolloutWorld({ environments: ['dev', 'eu'] });
    await world.request(A, [aStage({ name: 'first', targets: only('dev'), soakMinutes: 600 }), aStage()]);
    await world.pass(60);
    const execution = world.runner.executions.find(({ name }) => name === nameOfRun({ rolloutId: A, run: 1 }));
    if (execution !== undefined) world.runner.stop(execution);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'errored', outcome: { code: 'interrupted' } });
    expect(await world.table.query(ranges.open('webui'))).toEqual([]);
  });

  describe('of an execution that died, and EventBridge could tell nobody', () => {
    /** A rollout that soaks for long, whose execution is gone. */
    const orphan = async () => {
      const world = await rolloutWorld({
        environments: ['dev', 'eu'],
        sweeps: true,
        around: (_, name, payload) => {
          if (name === 'finish-rollout' && JSON.stringify(payload).includes('detail-type')) throw new Error('denied');
        },
      });
      await world.request(A, [aStage({ name: 'first', targets: only('dev'), soakMinutes: 600 }), aStage()]);
      await world.pass(60);
      for (const execution of world.runner.executions) world.runner.stop(execution);
      await world.pass(60);
      return world;
    };

    test('does not hold up its queue for ever: the next run goes on', async () => {
      const world = await orphan();
      const [rollout] = await world.over(A);
      expect(rollout).toMatchObject({ state: 'succeeded', run: 2 });
      expect(minutes(rollout?.finishedAt)).toBeLessThan(700);
      expect(world.deadLetters).toHaveLength(1);
    });

    test('can still be aborted', async () => {
      const world = await orphan();
      await world.abort(A);
      const [rollout] = await world.over(A);
      expect(rollout).toMatchObject({ state: 'aborted', run: 2 });
      expect(minutes(rollout?.finishedAt)).toBeLessThan(40);
    });
  });
});
