/** A retry on the shipped machines: the same rollout, a new run, and only what failed. */
import { describe, expect, test } from 'vitest';
import type { DeployerInput } from '../../contracts/deployer.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { aStage, NOW } from '../support/items.ts';
import { type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const A = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
const B = '01JD0Z5Q6X3N8V7T2K4M9R1B0B';
const only = (...names: string[]) => names.map((name) => ({ name }));
const failure = { code: 'not-ready', because: 'Deployment webui is not ready' } as const;

/** A deployer that fails in `eu` until somebody mends it. */
function brokenInEu() {
  let mended = false;
  const applied: string[] = [];
  const deployer = ({ operation, environment }: DeployerInput): object => {
    if (operation === 'apply') applied.push(environment);
    if (operation === 'evidence') return { outcome: 'kept', key: 'evidence.json' };
    if (operation === 'roll-back') return { outcome: 'uninstalled', because: 'there was none before' };
    if (operation !== 'apply') return { outcome: 'ready', because: 'all ready' };
    if (environment === 'eu' && !mended) return { outcome: 'failed', failure };
    return { outcome: 'applied', revision: 1, because: 'helm applied revision 1' };
  };
  const mend = () => {
    mended = true;
  };
  return { deployer, applied, mend };
}

const states = async (world: RolloutWorld) =>
  (await world.deployments(A)).map(({ environment, state, attempt }) => [environment, state, attempt]);

const stages = [
  aStage({ name: 'first', targets: only('dev') }),
  aStage({ name: 'second', targets: only('eu') }),
  aStage({ name: 'third', targets: only('us') }),
];

describe('a rollout that failed in its second stage', () => {
  test('goes on there when it is retried, with the inputs it had, and through to its end', async () => {
    const cluster = brokenInEu();
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'], deployer: cluster.deployer });
    await world.request(A, stages);
    expect((await world.over(A))[0]?.state).toBe('failed');
    expect(await states(world)).toEqual([
      ['dev', 'succeeded', 1],
      ['eu', 'rolled-back', 1],
      ['us', 'pending', 0],
    ]);
    const before = await world.deployments(A);
    const quarantine = keys.quarantine('eu', 'webui', before[1]?.inputs.digest ?? '');
    expect(await world.table.get(quarantine)).toBeDefined();

    cluster.mend();
    await world.pass(600);
    expect(await world.retry(A)).toBe('placed');
    expect(await world.table.get(quarantine)).toBeUndefined();
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 2, sequence: 2, retries: 1 });
    const after = await world.deployments(A);
    expect(after.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(after.map(({ inputs }) => inputs)).toEqual(before.map(({ inputs }) => inputs));
    expect(after[0]?.attempt).toBe(before[0]?.attempt);
    expect(after[1]?.attempt).toBe((before[1]?.attempt ?? 0) + 1);
    expect(after[1]?.sequence).toBe(2);
    expect(cluster.applied).toEqual(['dev', 'eu', 'eu', 'us']);
    const events = await world.table.query(ranges.events(A));
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['quarantine-lifted', 'retry-requested']));
    expect(world.runner.executions.map(({ name }) => name)).toEqual(
      expect.arrayContaining([`${A}-1`, `${A}-2`, `${A}-eu-2`]),
    );
    expect(await world.table.query(ranges.open('webui'))).toEqual([]);
    expect(world.deadLetters).toEqual([]);
  });

  test('fails again where nothing was mended, and may be retried again', async () => {
    const cluster = brokenInEu();
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'], deployer: cluster.deployer });
    await world.request(A, stages);
    await world.over(A);
    expect(await world.retry(A)).toBe('placed');
    expect((await world.over(A))[0]).toMatchObject({ state: 'failed', outcome: { code: 'stage-failed' } });
    cluster.mend();
    expect(await world.retry(A)).toBe('placed');
    expect((await world.over(A))[0]).toMatchObject({ state: 'succeeded', run: 3, retries: 2 });
  });

  test('retried twice at once has one place and one run', async () => {
    const cluster = brokenInEu();
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'], deployer: cluster.deployer });
    await world.request(A, stages);
    await world.over(A);
    cluster.mend();
    const answers = await Promise.all([world.retry(A), world.retry(A)]);
    expect(answers.toSorted()).toEqual(['conflict', 'placed']);
    expect((await world.over(A))[0]).toMatchObject({ state: 'succeeded', run: 2, retries: 1 });
    const runs = world.runner.executions.map(({ name }) => name).filter((name) => /^\w+-\d+$/.test(name));
    expect(runs).toEqual([`${A}-1`, `${A}-2`]);
    expect(cluster.applied).toEqual(['dev', 'eu', 'eu', 'us']);
  });

  test('waits for its turn behind what is open there, and nobody newer is undone by it', async () => {
    const cluster = brokenInEu();
    const world = await rolloutWorld({ environments: ['dev', 'eu', 'us'], deployer: cluster.deployer });
    await world.request(A, stages);
    await world.over(A);
    cluster.mend();
    await world.request(B, [aStage({ targets: only('eu'), soakMinutes: 10 })]);
    await world.pass(30);
    expect(await world.retry(A)).toBe('conflict');
    await world.over(B);
    expect(await world.retry(A)).toBe('conflict');
    expect((await world.rollout(A)).state).toBe('failed');
    expect(await world.table.get(keys.release('eu', 'webui'))).toMatchObject({ highestSequence: 2, rolloutId: B });
  });

  test('begins by itself when the record of its new run is lost: the sweeper notices', async () => {
    const cluster = brokenInEu();
    const world = await rolloutWorld({
      environments: ['dev', 'eu', 'us'],
      deployer: cluster.deployer,
      sweeps: true,
      stream: (_, { after }) => (after?.type === 'run' && after.run === 2 ? [] : [0.01]),
    });
    await world.request(A, stages);
    await world.over(A);
    cluster.mend();
    const asked = world.time.now().getTime();
    await world.retry(A);
    const [rollout] = await world.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded', run: 3 });
    expect((Date.parse(rollout?.finishedAt ?? '') - asked) / 60_000).toBeLessThan(10);
    expect(asked).toBeGreaterThanOrEqual(NOW.getTime());
  });
});
