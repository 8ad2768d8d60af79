/** What stages ask of time, on the shipped machines in time that nobody waits for: pace, silent clusters, soaks that are looked at. */
import { describe, expect, test } from 'vitest';
import type { DeployerInput } from '../../contracts/deployer.ts';
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import type { StageRequest, UnreachableRule } from '../../domain/items/registry.ts';
import { keys, ranges } from '../../domain/keys.ts';
import { leaseKey } from '../../domain/registry/place.ts';
import { aStage, NOW } from '../support/items.ts';
import { type RolloutWorld, rolloutWorld } from '../support/rollout-world.ts';

const A = '01JD0Z5Q6X3N8V7T2K4M9R1B0A';
const B = '01JD0Z5Q6X3N8V7T2K4M9R1B0B';
const only = (...names: readonly string[]) => names.map((name) => ({ name }));
const minutes = (at: string | undefined) => (Date.parse(at ?? '') - NOW.getTime()) / 60_000;
const failure = { code: 'not-ready' as const, because: '0 of 1 pods are ready' };

const applied = { outcome: 'applied', revision: 1, because: 'applied' };
const ready = { outcome: 'ready', because: 'all ready' };
const silent = { outcome: 'unreachable', because: 'ECONNREFUSED' };
const usual = ({ operation }: DeployerInput) => {
  if (operation === 'evidence') return { outcome: 'kept', key: 'evidence.json' };
  return operation === 'apply' ? applied : ready;
};

/** A world whose deployer knows what time it is. */
async function world(
  environments: readonly string[],
  deployer: (input: DeployerInput, minute: number) => object = usual,
): Promise<RolloutWorld> {
  const made: RolloutWorld = await rolloutWorld({
    environments,
    deployer: (input) => deployer(input, minutes(made.time.now().toISOString())),
  });
  return made;
}

/** Counts revisions as helm does, and finds any but the last foreign. */
function counting(): (input: DeployerInput) => object {
  const revisions = new Map<string, number>();
  const foreign = { code: 'foreign-operation', because: 'another revision stands there' };
  return (input) => {
    const last = revisions.get(input.environment) ?? 0;
    if (input.operation === 'roll-back') return { outcome: 'uninstalled', because: 'it was the first' };
    if (input.operation === 'observe') return input.revision === last ? ready : { outcome: 'failed', failure: foreign };
    if (input.operation !== 'apply') return usual(input);
    revisions.set(input.environment, last + 1);
    return { ...applied, revision: last + 1 };
  };
}

async function ended(it: RolloutWorld, stages: readonly StageRequest[]) {
  await it.request(A, stages);
  const [rollout] = await it.over(A);
  const deployments = await it.deployments(A);
  const events = await it.table.query(ranges.events(A));
  const states = Object.fromEntries(deployments.map(({ environment, state }) => [environment, state]));
  const of = (environment: string) => deployments.find((one) => one.environment === environment);
  expect(it.deadLetters).toEqual([]);
  return { rollout, states, of, events };
}

describe('a pace', () => {
  test('spreads a stage’s beginnings evenly, and what follows begins when all are done', async () => {
    const stages = [
      aStage({ name: 'paced', targets: only('a', 'b', 'c', 'd'), spreadMinutes: 60 }),
      aStage({ name: 'rest', targets: only('e') }),
    ];
    const { rollout, of, events } = await ended(await world(['a', 'b', 'c', 'd', 'e']), stages);
    expect(rollout?.state).toBe('succeeded');
    const began = ['a', 'b', 'c', 'd', 'e'].map((name) => minutes(of(name)?.startedAt));
    for (const [i, at] of [0, 15, 30, 45, 45].entries()) {
      expect(began[i]).toBeGreaterThanOrEqual(at);
      expect(began[i]).toBeLessThan(at + 1);
    }
    expect(events.filter(({ kind }) => kind === 'rollout-waiting')).toHaveLength(3);
    expect(rollout?.stages?.['paced']?.begunAt).toBeDefined();
  });

  test('lets an abort through at once', async () => {
    const it = await world(['a', 'b']);
    await it.request(A, [aStage({ spreadMinutes: 600 })]);
    await it.pass(60);
    expect(await it.table.get(keys.wait(A))).toMatchObject({ on: 'pace', who: 'the clock' });
    await it.abort(A);
    const [rollout] = await it.over(A);
    expect(minutes(rollout?.finishedAt)).toBeLessThan(2);
  });
});

describe('a cluster that is silent', () => {
  const rule = (policy: UnreachableRule['policy'], minutes: number) => [
    aStage({ name: 'all', targets: [{}], unreachable: { policy, minutes } }),
  ];
  const gone =
    (from: number, until: number) =>
    (input: DeployerInput, minute: number): object =>
      input.environment === 'gone' && minute >= from && minute < until ? silent : usual(input);

  test('and comes back in time goes through as if nothing had happened; the others did not wait for it', async () => {
    const it = await world(['gone', 'there'], gone(0, 30));
    const { rollout, states, of, events } = await ended(it, rule('wait', 60));
    expect(rollout).toMatchObject({ state: 'succeeded' });
    expect(rollout).not.toHaveProperty('warning');
    expect(states).toEqual({ gone: 'succeeded', there: 'succeeded' });
    expect(minutes(of('there')?.finishedAt)).toBeLessThan(0.5);
    expect(minutes(of('gone')?.finishedAt)).toBeLessThan(36);
    expect(of('gone')).not.toHaveProperty('unreachableSince');
    const put = events.filter(({ kind }) => kind === 'deployment-deferred');
    expect(put.map(({ environment }) => environment)).toEqual(['gone']);
  });

  test('is waited for with a reason, a since, an until and a who', async () => {
    const it = await world(['gone', 'there'], gone(0, 1e6));
    await it.request(A, rule('wait', 60));
    await it.pass(75);
    const wait = await it.table.get(keys.wait(A));
    expect(wait).toMatchObject({ on: 'environment', stage: 'all' });
    expect(wait?.who).toMatch(/^whoever runs cluster .*, until .*; then it counts as failed$/);
    expect(wait?.because).toContain('gone is put off: its cluster does not answer since');
    const deployment = await it.table.get(keys.deployment(A, 'gone'));
    if (deployment === undefined) throw new Error('there is no deployment');
    expect(await it.table.get(leaseKey(deployment.place))).not.toHaveProperty('holder');
  });

  test.each([
    ['wait', 'errored', 'errored'],
    ['skip', 'skipped', 'succeeded'],
  ] as const)('until its deadline is over, under `%s`, is %s', async (policy, state, outcome) => {
    const { rollout, states, of } = await ended(await world(['gone', 'there'], gone(0, 1e6)), rule(policy, 60));
    expect(states).toEqual({ gone: state, there: 'succeeded' });
    expect(rollout).toMatchObject({ state: outcome });
    expect(of('gone')?.outcome?.code).toBe('unreachable');
    expect(minutes(of('gone')?.finishedAt)).toBeGreaterThan(60);
    expect(minutes(of('gone')?.finishedAt)).toBeLessThan(63);
    if (policy === 'skip') expect(rollout?.warning).toContain('1 passed over, for their clusters did not answer: gone');
    else expect(rollout?.outcome?.code).toBe('unreachable');
  });

  test('counts at once without a rule', async () => {
    const { of, states } = await ended(await world(['gone', 'there'], gone(0, 1e6)), [aStage()]);
    expect(states).toEqual({ gone: 'errored', there: 'succeeded' });
    expect(minutes(of('gone')?.finishedAt)).toBeLessThan(6);
  });

  test('after helm had begun there counts even under `skip`', async () => {
    const it = await world(['gone'], (input, minute) =>
      input.operation === 'apply' && minute < 1
        ? applied
        : minute < 1
          ? { outcome: 'not-yet', because: '0 of 1' }
          : silent,
    );
    const { states, rollout } = await ended(it, rule('skip', 30));
    expect(states).toEqual({ gone: 'errored' });
    expect(rollout?.state).toBe('errored');
  });

  test('is not waited for when the line stops elsewhere', async () => {
    const it = await world(['bad', 'gone'], (input) => {
      if (input.environment === 'gone') return silent;
      return input.operation === 'apply'
        ? { outcome: 'blocked', failure: { code: 'forbidden', because: 'no' } }
        : ready;
    });
    const { states, rollout } = await ended(it, rule('wait', 600));
    expect(states).toEqual({ bad: 'blocked', gone: 'pending' });
    expect(minutes(rollout?.finishedAt)).toBeLessThan(3);
  });
});

describe('a soak', () => {
  const soaking = (soakMinutes = 60) => [
    aStage({ name: 'first', targets: only('a', 'b'), soakMinutes }),
    aStage({ name: 'then', targets: only('c') }),
  ];
  const looks = (it: RolloutWorld) =>
    it.runner.executions.filter(
      ({ visited }) => visited.includes('Observe release') && !visited.includes('Apply release'),
    );

  test('looks every quarter of an hour and once at its end, taking no lease', async () => {
    const it = await world(['a', 'b', 'c']);
    const { rollout, of, events } = await ended(it, soaking());
    expect(rollout?.state).toBe('succeeded');
    // Four rounds (15, 30, 45, 60 minutes) of two.
    expect(looks(it)).toHaveLength(8);
    expect(events.filter(({ kind }) => kind === 'deployment-looked-at')).toHaveLength(4);
    expect(minutes(of('c')?.startedAt)).toBeGreaterThanOrEqual(60);
    for (const name of ['a', 'b']) expect(minutes(of(name)?.lookedAt)).toBeGreaterThanOrEqual(60);
    const [first, last] = [of('a'), of('c')];
    if (first === undefined || last === undefined) throw new Error('a deployment is missing');
    const fence = async ({ place }: DeploymentItem) => (await it.table.get(leaseKey(place)))?.fence;
    expect(await fence(first)).toBe(await fence(last));
    expect(looks(it)[0]?.visited).toEqual([
      'Begin deployment',
      'Begun?',
      'Observe release',
      'Ready?',
      'Finish deployment',
      'Done',
    ]);
  });

  test('that a release does not survive fails its stage, with evidence, and changes nothing', async () => {
    const operations: string[] = [];
    const it = await world(['a', 'b', 'c'], (input, minute) => {
      if (minute > 1) operations.push(input.operation);
      return input.operation === 'observe' && input.environment === 'b' && minute > 20
        ? { outcome: 'failed', failure }
        : usual(input);
    });
    const { rollout, states, of } = await ended(it, soaking());
    expect(rollout).toMatchObject({ state: 'failed', outcome: { code: 'stage-failed' } });
    expect(states).toEqual({ a: 'succeeded', b: 'failed', c: 'pending' });
    expect(of('b')).toMatchObject({ evidence: 'evidence.json', outcome: { code: 'unhealthy' } });
    expect(of('b')?.outcome?.because).toMatch(/^became unhealthy 30 minutes after it was ready: 0 of 1 pods/);
    expect(new Set(operations)).toEqual(new Set(['observe', 'evidence']));
    expect(await it.table.get(keys.hold('b', 'webui'))).toBeUndefined();
    expect(await it.table.query(ranges.quarantines('b', 'webui'))).toEqual([]);
    expect(await it.table.get(keys.release('b', 'webui'))).toMatchObject({ state: 'failed' });
  });

  test('goes on where the budget allows what turned bad', async () => {
    const it = await world(['a', 'b', 'c'], (input, minute) =>
      input.operation === 'observe' && input.environment === 'b' && minute > 20
        ? { outcome: 'failed', failure }
        : usual(input),
    );
    const [first, then] = soaking();
    const { rollout, states, of } = await ended(it, [
      { ...aStage(), ...first, failureBudget: '50%' },
      then ?? aStage(),
    ]);
    expect(states).toEqual({ a: 'succeeded', b: 'failed', c: 'succeeded' });
    expect(rollout?.outcome?.because).toContain('1 failed within the budget (b)');
    expect(minutes(of('c')?.startedAt)).toBeLessThan(63);
  });

  test('of a retried rollout leaves what a newer one has brought meanwhile alone', async () => {
    const deployer = counting();
    let bad = true;
    const it = await world(['a', 'b'], (input) =>
      bad && input.operation === 'observe' && input.environment === 'b'
        ? { outcome: 'failed', failure }
        : deployer(input),
    );
    expect((await ended(it, [aStage({ soakMinutes: 20 })])).states).toMatchObject({ a: 'succeeded', b: 'rolled-back' });
    bad = false;
    await it.request(B, [aStage({ targets: only('a') })]);
    expect((await it.over(B))[0]?.state).toBe('succeeded');
    expect(await it.retry(A)).toBe('placed');
    const [rollout] = await it.over(A);
    expect(rollout).toMatchObject({ state: 'succeeded' });
  });

  test('of the last stage is part of the success', async () => {
    const it = await world(['a'], (input, minute) =>
      input.operation === 'observe' && minute > 9 ? { outcome: 'failed', failure } : usual(input),
    );
    const { rollout } = await ended(it, [aStage({ soakMinutes: 10 })]);
    expect(rollout?.state).toBe('failed');
  });

  test('waits for a cluster that falls silent in it, ten minutes unless the stage says otherwise', async () => {
    const fallsSilent = (until: number) => (input: DeployerInput, minute: number) =>
      input.environment === 'b' && minute > 20 && minute < until ? silent : usual(input);
    const back = await ended(await world(['a', 'b', 'c'], fallsSilent(35)), soaking());
    expect(back.rollout?.state).toBe('succeeded');
    const never = await ended(await world(['a', 'b', 'c'], fallsSilent(1e6)), soaking());
    expect(never.rollout).toMatchObject({ state: 'errored', outcome: { code: 'unreachable' } });
    expect(minutes(never.of('b')?.lookedAt)).toBeGreaterThan(40);
    expect(minutes(never.of('b')?.lookedAt)).toBeLessThan(46);
    expect(never.states['c']).toBe('pending');
    const [first, then] = soaking();
    const patient = [
      { ...aStage(), ...first, unreachable: { policy: 'wait' as const, minutes: 200 } },
      then ?? aStage(),
    ];
    const late = await ended(await world(['a', 'b', 'c'], fallsSilent(150)), patient);
    expect(late.rollout?.state).toBe('succeeded');
    expect(minutes(late.of('c')?.startedAt)).toBeGreaterThan(150);
  });

  test('whose looks die three times in a row is given up', async () => {
    const broken = new Set(['begin-deployment', 'finish-deployment']);
    const it: RolloutWorld = await rolloutWorld({
      environments: ['a'],
      around: (moment, name) => {
        const soaks = minutes(it.time.now().toISOString()) > 5;
        if (moment === 'before' && soaks && broken.has(name)) throw new Error('killed');
      },
    });
    await it.request(A, [aStage({ soakMinutes: 30 })]);
    const [rollout] = await it.over(A);
    expect(rollout).toMatchObject({ state: 'errored', outcome: { code: 'lost' } });
    expect((await it.deployments(A))[0]).toMatchObject({ state: 'errored', attempt: 4 });
  });
});
