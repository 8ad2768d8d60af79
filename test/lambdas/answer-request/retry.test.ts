/** Trying again what failed: what is reset, what is refused, and who comes at the same moment. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { placeOf } from '../../../domain/registry/place.ts';
import type { Table, Write } from '../../../domain/table.ts';
import { aHold, aQuarantine, aRelease, aStage, someInputs } from '../../support/items.ts';
import { aPlace } from '../../support/rollout-seen.ts';
import { OPERATOR, READER, registered, SOURCE, type TestApi } from './support.ts';

let api: TestApi;
let id: string;
beforeEach(async () => {
  api = await registered();
  id = (await api.call('POST', '/packages/webui/rollouts', { body: { version: '1.0.0', targets: [{ target: {} }] } }))
    .body.id;
});

const put = async (...writes: readonly Omit<Extract<Write, { do: 'put' }>, 'do' | 'expect'>[]) =>
  void (await api.table.transact(writes.map((write) => ({ do: 'put', expect: 'any', ...write }))));
const retry = (options: object = {}) =>
  api.call('POST', `/packages/webui/rollouts/${id}/retry`, { body: {}, ...options });
const rolloutNow = async () => (await api.table.get(keys.rollout(id))) as RolloutItem;
const deploymentsNow = () => api.table.query(ranges.deployments(id));
const eventsNow = () => api.table.query(ranges.events(id));

/** Ends the rollout as `state` with these deployments, by environment. */
async function ended(
  has: Record<string, Partial<DeploymentItem>>,
  state: RolloutItem['state'] = 'failed',
  over: Partial<RolloutItem> = {},
) {
  const rollout = await rolloutNow();
  const pkg = await api.table.get(keys.package('webui'));
  const at = '2026-11-21T10:05:00.000Z';
  for (const [environment, given] of Object.entries(has)) {
    const entry = await api.table.get(keys.environment(environment));
    if (pkg === undefined || entry === undefined) throw new Error(`${environment} is not registered`);
    const item: DeploymentItem = {
      ...{ type: 'deployment', v: 1, rev: 3 },
      rolloutId: id,
      package: 'webui',
      environment,
      stage: 'everyone',
      sequence: rollout.sequence,
      state: 'pending',
      place: placeOf(pkg, entry),
      deployer: 'default',
      inputs: someInputs(),
      timeoutMinutes: 5,
      forceConflicts: false,
      ...{ attempt: 1, begun: 1, lost: 0 },
      ...given,
    };
    await put({ key: keys.deployment(id, environment), item });
  }
  const stages = [{ ...aStage(), size: Object.keys(has).length }];
  const plan = { key: 'plan.json', digest: 'd', chartDigest: 'sha256:aaaa', stages, at };
  const outcome = { code: 'stage-failed', because: 'it failed' } as const;
  const end = state === 'failed' || state === 'errored' ? { outcome, finishedAt: at } : {};
  await put({ key: keys.rollout(id), item: { ...rollout, rev: 9, state, plan, ...end, ...over } });
  const item = { type: 'failures', v: 1, rev: 1, rolloutId: id, stage: 'everyone', count: 2 } as const;
  await put({ key: keys.failures(id, 'everyone'), item });
  await api.table.transact([{ do: 'delete', key: keys.open('webui', rollout.sequence), expect: 'any' }]);
}

const bad = (state: DeploymentItem['state']) => ({
  state,
  attempt: 2,
  begun: 2,
  finishedAt: '2026-11-21T10:04:00.000Z',
  outcome: { code: 'not-ready', because: 'it was not ready' } as const,
  evidence: 'evidence.json',
});
const skipped = (code: 'stopped' | 'unchanged') => ({ ...bad('skipped'), outcome: { code, because: 'so' } });

describe('a retry', () => {
  test('tries again what failed, was stopped or never began, and leaves the rest as it is', async () => {
    await ended({
      dev: { ...bad('succeeded'), outcome: { code: 'ready', because: 'ready' } },
      staging: bad('rolled-back'),
      'prod-eu': skipped('stopped'),
      'prod-us': { attempt: 0, begun: 0 },
    });
    const { status, body } = await retry({ body: { reason: 'the node is back' } });
    expect(status).toBe(202);
    expect(body).toEqual({
      ...{ id, package: 'webui', state: 'accepted', run: 2, after: 1 },
      environments: ['prod-eu', 'prod-us', 'staging'],
    });
    expect(
      (await deploymentsNow()).map(({ environment, state, attempt, begun, outcome }) => [
        environment,
        state,
        attempt,
        begun,
        outcome?.code,
      ]),
    ).toEqual([
      ['dev', 'succeeded', 2, 2, 'ready'],
      ['prod-eu', 'pending', 2, 2, undefined],
      ['prod-us', 'pending', 0, 0, undefined],
      ['staging', 'pending', 2, 2, undefined],
    ]);
    const rollout = await rolloutNow();
    expect(rollout).toMatchObject({
      state: 'accepted',
      run: 2,
      sequence: 2,
      retries: 1,
      placedAt: '2026-11-21T10:00:00.000Z',
    });
    for (const field of ['outcome', 'finishedAt', 'warning', 'abort']) expect(rollout).not.toHaveProperty(field);
    expect(await api.table.query(ranges.open('webui'))).toMatchObject([
      { rolloutId: id, sequence: 2, environments: ['prod-eu', 'prod-us', 'staging'] },
    ]);
    expect(await api.table.get(keys.run(id, 2))).toMatchObject({ run: 2, because: 'retried' });
    expect(await api.table.get(keys.failures(id, 'everyone'))).toBeUndefined();
    expect((await eventsNow()).at(-1)).toMatchObject({
      kind: 'retry-requested',
      by: 'fairlead-operator/ada',
      text: 'retry asked for: the node is back (prod-eu, prod-us, staging with their frozen inputs)',
    });
  });

  test('of an errored one goes, too; so does that of one without a plan, which is planned again', async () => {
    await ended({ dev: bad('errored') }, 'errored');
    expect((await retry()).status).toBe(202);
    const { plan: _, ...unplanned } = await rolloutNow();
    await put({ key: keys.rollout(id), item: { ...unplanned, state: 'failed', rev: 20 } });
    await api.table.transact([
      { do: 'delete', key: keys.deployment(id, 'dev'), expect: 'any' },
      { do: 'delete', key: keys.open('webui', 2), expect: 'any' },
    ]);
    expect((await retry()).body).toMatchObject({ run: 3, environments: [] });
    const [place] = await api.table.query(ranges.open('webui'));
    expect(place).not.toHaveProperty('environments');
  });

  test.each([
    ['a source lifts what this rollout was quarantined for', SOURCE, 'own', 0],
    ['a source leaves what another one, a rollback for instance, keeps out', SOURCE, 'other', 1],
    ['an operator lifts both', OPERATOR, 'other', 0],
  ])('%s', async (_what, as, whose, left) => {
    await ended({ dev: bad('blocked') });
    const rolloutId = whose === 'own' ? id : '01JD0Z5Q6X3N8V7T2K4M9R1B99';
    const item = aQuarantine({ environment: 'dev', inputsDigest: someInputs().digest, rolloutId });
    await put({ key: keys.quarantine('dev', 'webui', item.inputsDigest), item });
    expect((await retry({ as })).status).toBe(202);
    expect(await api.table.query(ranges.quarantines('dev', 'webui'))).toHaveLength(left);
  });

  test('lifts the quarantine of exactly these inputs, and the hold that its own failed rollback left', async () => {
    await ended({ dev: bad('rolled-back'), staging: bad('failed'), 'prod-eu': bad('failed') });
    const quarantine = (environment: string, inputsDigest: string) => {
      const item = aQuarantine({ environment, inputsDigest, rolloutId: id });
      return { key: keys.quarantine(environment, 'webui', inputsDigest), item };
    };
    await put(
      quarantine('dev', someInputs().digest),
      quarantine('dev', 'hmac-sha256:others'),
      quarantine('prod-us', someInputs().digest),
      {
        key: keys.hold('staging', 'webui'),
        item: aHold({ environment: 'staging', kind: 'failed-rollback', rolloutId: id }),
      },
      { key: keys.hold('prod-eu', 'webui'), item: aHold({ environment: 'prod-eu', kind: 'hold' }) },
    );
    expect((await retry()).status).toBe(202);
    const left = async (environment: string) =>
      (await api.table.query(ranges.quarantines(environment, 'webui'))).map(({ inputsDigest }) => inputsDigest);
    expect([await left('dev'), await left('prod-us')]).toEqual([['hmac-sha256:others'], [someInputs().digest]]);
    expect(await api.table.get(keys.hold('staging', 'webui'))).toBeUndefined();
    expect(await api.table.get(keys.hold('prod-eu', 'webui'))).toBeDefined();
    expect((await eventsNow()).filter(({ kind }) => kind === 'quarantine-lifted').map(({ text }) => text)).toEqual([
      'quarantine lifted in dev: the same inputs are tried again there; hold after a failed rollback lifted in staging: the release is tried again there',
    ]);
    const events = await eventsNow();
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
  });

  test('of 500 deployments goes in transactions that the table takes', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `env-${i}`);
    for (const name of names)
      await put({
        key: keys.environment(name),
        item: {
          ...{ type: 'environment', v: 1, rev: 1 },
          name,
          cluster: { name: 'main', account: '1', region: 'eu-north-1' },
          labels: {},
          namespaceSuffix: name,
          deployer: 'default',
          updatedAt: 'x',
          updatedBy: 'x',
        },
      });
    await ended(Object.fromEntries(names.map((name) => [name, bad('failed')])));
    expect((await retry()).body.environments).toHaveLength(500);
    expect((await deploymentsNow()).every(({ state }) => state === 'pending')).toBe(true);
  });
});

describe('is refused, saying why:', () => {
  const failed = () => ended({ dev: bad('rolled-back'), staging: bad('failed') });

  test.each([
    ['succeeded', /is succeeded: only what failed or errored is tried again; start a new one/],
    ['aborted', /is aborted/],
    ['superseded', /is superseded/],
    ['running', /is not over \(running\)/],
    ['waiting', /is not over \(waiting\)/],
  ] as const)('what is %s', async (state, words) => {
    await ended({ dev: bad('succeeded') }, state);
    const { status, body } = await retry();
    expect([status, body.type]).toEqual([409, 'https://fairlead.dev/problems/conflict']);
    expect(body.detail).toMatch(words);
  });

  test('what is still under way somewhere', async () => {
    await ended({ dev: { ...bad('failed') }, staging: { state: 'observing' } }, 'errored', { unsettled: true });
    expect((await retry()).body.detail).toMatch(/still under way in staging: try again when they have ended/);
  });

  test('where a newer rollout has begun, naming environments and what stands there', async () => {
    await failed();
    await put({
      key: keys.release('staging', 'webui'),
      item: aRelease({ environment: 'staging', highestSequence: 9, version: '2.0.0', rolloutId: 'NEWER' }),
    });
    expect((await retry()).body.detail).toBe(
      'a newer rollout of webui has begun in staging (number 9 began there, this is 1, there is now 2.0.0 of rollout NEWER): start a new rollout if 1.0.0 is to go there all the same',
    );
  });

  test('where a newer one stands in line, or may', async () => {
    await failed();
    await put({ key: keys.open('webui', 5), item: aPlace(5, ['staging', 'prod-eu'], 'NEWER') });
    expect((await retry()).body.detail).toMatch(
      /rollout NEWER is newer, open, and goes to staging too: let it go first, or abort it/,
    );
    await put({ key: keys.open('webui', 5), item: aPlace(5, undefined, 'NEWER') });
    expect((await retry()).body.detail).toMatch(/is newer, open, and is not planned yet/);
    await put({ key: keys.open('webui', 5), item: aPlace(5, ['prod-eu'], 'NEWER') });
    expect((await retry()).status).toBe(202);
  });

  test('of what never had a plan, by where it would go: a newer one that has begun there, or stands in line', async () => {
    await ended({});
    const { plan: _, ...unplanned } = await rolloutNow();
    await put({ key: keys.rollout(id), item: { ...unplanned, state: 'failed', rev: 20 } });
    await put({ key: keys.open('webui', 5), item: aPlace(5, ['staging'], 'NEWER') });
    expect((await retry()).body.detail).toMatch(/rollout NEWER is newer, open, and goes to staging too/);
    await api.table.transact([{ do: 'delete', key: keys.open('webui', 5), expect: 'any' }]);
    const newer = aRelease({ environment: 'staging', highestSequence: 9, version: '2.0.0', rolloutId: 'NEWER' });
    await put({ key: keys.release('staging', 'webui'), item: newer });
    expect((await retry()).body.detail).toMatch(/a newer rollout of webui has begun in staging/);
    await put({ key: keys.release('staging', 'webui'), item: { ...newer, highestSequence: 1 } });
    expect((await retry()).status).toBe(202);
  });

  test('where one rollout at a time is let in and an older one is there', async () => {
    const has = { ...bad('failed'), queue: 'reject' as const };
    await ended({ dev: has }, 'failed', { sequence: 7 });
    await put({ key: keys.open('webui', 3), item: aPlace(3, ['dev'], 'OLDER') });
    const { status, body } = await retry();
    expect([status, body.type]).toEqual([409, 'https://fairlead.dev/problems/queue-occupied']);
    expect(body.detail).toContain('rollout OLDER is open and goes to dev');
  });

  test('what has moved, or is gone', async () => {
    await failed();
    const entry = await api.table.get(keys.environment('dev'));
    if (entry === undefined) throw new Error('dev is registered');
    await put({ key: keys.environment('dev'), item: { ...entry, namespaceSuffix: 'elsewhere' } });
    expect((await retry()).body.detail).toMatch(/webui has another place in dev than when rollout .* was planned/);
    await api.table.transact([{ do: 'delete', key: keys.environment('dev'), expect: 'any' }]);
    expect((await retry()).body.detail).toMatch(/dev left the registry/);
    await api.table.transact([{ do: 'delete', key: keys.package('webui'), expect: 'any' }]);
    expect((await retry()).body.detail).toMatch(/webui is not registered any more/);
  });

  test('with 500 open ones', async () => {
    await failed();
    for (let i = 0; i < 500; i++)
      await put({
        key: keys.open('webui', 10 + i),
        item: { ...aPlace(10 + i, ['prod-eu'], `R${i}`), package: 'webui' },
      });
    expect((await retry()).status).toBe(429);
  });

  test('to readers; and overriding freezes to sources', async () => {
    await failed();
    expect((await retry({ as: READER })).status).toBe(403);
    expect((await retry({ as: SOURCE, body: { overrideFreeze: 'urgent' } })).status).toBe(403);
    expect((await retry({ as: SOURCE })).status).toBe(202);
  });

  test('a body that is wrong', async () => {
    await failed();
    expect((await retry({ body: { why: 'x' } })).status).toBe(422);
    expect((await retry({ body: { reason: '' } })).status).toBe(422);
  });
});

describe('two at once', () => {
  test('get one place and one run', async () => {
    await ended({ dev: bad('rolled-back'), staging: bad('failed') });
    const statuses = (await Promise.all([retry(), retry({ as: SOURCE })])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([202, 409]);
    expect(await api.table.query(ranges.open('webui'))).toHaveLength(1);
    expect(await rolloutNow()).toMatchObject({ run: 2, retries: 1 });
    expect((await eventsNow()).filter(({ kind }) => kind === 'retry-requested')).toHaveLength(1);
  });
});

describe('one that dies half way', () => {
  test.each([1, 2, 3])('after transaction %d leaves a rollout that can be retried', async (at) => {
    const quarantined = {
      key: keys.quarantine('dev', 'webui', someInputs().digest),
      item: aQuarantine({ environment: 'dev', inputsDigest: someInputs().digest }),
    };
    const many = Object.fromEntries(['dev', 'staging', 'prod-eu', 'prod-us'].map((name) => [name, bad('failed')]));
    await ended(many);
    await put(quarantined);
    let done = 0;
    const table: Table = {
      ...api.table,
      async transact(writes) {
        if (++done === at) throw new Error('killed');
        return api.table.transact(writes);
      },
    };
    const dying = await registeredOn(api, table);
    const first = await dying.call('POST', `/packages/webui/rollouts/${id}/retry`, { body: {}, as: OPERATOR });
    if (first.status === 500) expect((await rolloutNow()).state).toBe('failed');
    else expect(first.status).toBe(202);
    if (first.status === 500) expect((await retry()).status).toBe(202);
    expect(await rolloutNow()).toMatchObject({ state: 'accepted', run: 2, retries: 1 });
    expect(await api.table.get(quarantined.key)).toBeUndefined();
    expect((await eventsNow()).filter(({ kind }) => kind === 'quarantine-lifted')).toHaveLength(1);
  });
});

/** The same world, asked through another table. */
async function registeredOn(world: TestApi, table: Table): Promise<TestApi> {
  const { testApi } = await import('./support.ts');
  return testApi({ ...world.deps, table });
}
