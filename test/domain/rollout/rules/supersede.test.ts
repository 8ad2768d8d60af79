/** A newer rollout takes the place of what waits, and of nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryTable } from '../../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../../domain/items/deployment.ts';
import type { OpenItem } from '../../../../domain/items/queue.ts';
import { WAIT_REASONS } from '../../../../domain/items/waiting.ts';
import { keys } from '../../../../domain/keys.ts';
import type { Decision } from '../../../../domain/rollout/decision.ts';
import { MOST_DROPPED, recordDrop } from '../../../../domain/rollout/record-drop.ts';
import { mayOvertake, overtaken, superseded } from '../../../../domain/rollout/rules/supersede.ts';
import { DEPLOYMENT_STATES } from '../../../../domain/states.ts';
import { aWait, NOW, ROLLOUT, someEvents } from '../../../support/items.ts';
import { aPlace, seen } from '../../../support/rollout-seen.ts';

const NEWER = '01JD0Z5Q6X3N8V7T2K4M9R1B09';
const NEWEST = '01JD0Z5Q6X3N8V7T2K4M9R1B0Z';
const waits = (on: (typeof WAIT_REASONS)[number]): Decision => ({
  action: 'wait',
  on,
  until: NOW.toISOString(),
  who: 'somebody',
  because: 'so',
});
const gives = { state: 'pending', queue: 'supersede' } as const;
const stage = (has: Record<string, Partial<DeploymentItem>>) => [{ name: 'all', has }];
const own = aPlace(7, ['dev', 'eu']);
const newer = aPlace(8, ['dev', 'eu'], NEWER);

describe('what waits', () => {
  test.each([
    ['queue', true],
    ['gate', true],
    ['freeze', true],
    ['lease', false],
    ['soak', false],
    ['pace', false],
    ['environment', false],
  ] as const)('on %s gives way to a newer rollout: %s', (on, dropped) => {
    const found = overtaken(seen(stage({ dev: gives }), {}, [own, newer]), waits(on));
    expect(found === undefined).toBe(!dropped);
  });

  test('names the newer one and the environments', () => {
    expect(overtaken(seen(stage({ dev: gives, eu: gives }), {}, [own, newer]), waits('queue'))).toEqual({
      action: 'drop',
      environments: ['dev', 'eu'],
      newer: NEWER,
      because: `rollout ${NEWER} is newer and goes to dev, eu too: what waited there was dropped for it`,
    });
  });

  test.each<[string, Partial<DeploymentItem>, OpenItem, readonly string[]]>([
    ['has a turn for every version', { state: 'pending' }, newer, []],
    ['is told to have one', { state: 'pending', queue: 'queue' }, newer, []],
    ['lets one in at a time', { state: 'pending', queue: 'reject' }, newer, []],
    ['gives way, but the newer one is not planned', gives, aPlace(8, undefined, NEWER), []],
    ['gives way, but the newer one goes elsewhere', gives, aPlace(8, ['us'], NEWER), []],
    ['gives way, but the other one is older', gives, aPlace(6, ['dev'], NEWER), []],
    ['was touched by helm before its cluster fell silent', { ...gives, touched: true }, newer, []],
    ['has a turn for every version, before a rollback', { state: 'pending' }, { ...newer, rollback: true }, ['dev']],
  ])('and %s', (_, deployment, other, expected) => {
    const found = overtaken(seen(stage({ dev: deployment }), {}, [own, other]), waits('queue'));
    expect(found?.environments ?? []).toEqual(expected);
  });

  test('is left to the newest of several', () => {
    const queue = [own, aPlace(8, ['dev', 'eu'], NEWER), aPlace(9, ['dev'], NEWEST)];
    expect(overtaken(seen(stage({ dev: gives, eu: gives }), {}, queue), waits('gate'))).toMatchObject({
      newer: NEWEST,
      environments: ['dev'],
    });
  });

  test('nothing but pending is ever dropped, and nothing instead of another decision than a wait', () => {
    const states = fc.constantFrom(...DEPLOYMENT_STATES);
    fc.assert(
      fc.property(states, fc.constantFrom(...WAIT_REASONS), fc.boolean(), (state, on, rollback) => {
        const other = { ...newer, ...(rollback && { rollback: true as const }) };
        const what = seen(stage({ dev: { ...gives, state } }), {}, [own, other]);
        const found = overtaken(what, waits(on));
        if (found !== undefined) expect(state).toBe('pending');
        expect(overtaken(what, { action: 'continue', because: 'so' })).toBeUndefined();
      }),
    );
  });
});

describe('what is dropped', () => {
  const whole = (environments: readonly string[]) => ({
    ...seen(
      stage(Object.fromEntries(environments.map((name) => [name, { ...gives, attempt: 2, begun: 1 }]))),
      { state: 'waiting', rev: 4 },
      [{ ...aPlace(7, [...environments, 'done']), supersedable: environments }, aPlace(8, environments, NEWER)],
    ),
    events: someEvents({ last: 1 }),
    wait: aWait({ on: 'freeze' }),
  });
  const drop = (environments: readonly string[]) => ({
    action: 'drop' as const,
    environments,
    newer: NEWER,
    because: 'x',
  });
  const writesOf = (environments: readonly string[]) => recordDrop(whole(environments), drop(environments), NOW);

  test('is skipped for the newer one, told for each environment, and no execution of it that is late begins', () => {
    const writes = writesOf(['dev']);
    const put = (type: string) =>
      writes.flatMap((write) => (write.do === 'put' && write.key.type === type ? [write.item] : []));
    expect(put('deployment')).toMatchObject([
      { state: 'skipped', outcome: { code: 'superseded', because: 'x' }, begun: 2, finishedAt: NOW.toISOString() },
    ]);
    expect(put('event')).toMatchObject([{ number: 2, kind: 'superseded', environment: 'dev', state: 'skipped' }]);
    expect(put('rollout')).toMatchObject([{ supersededBy: NEWER }]);
    expect(put('open')).toMatchObject([{ sequence: 7, environments: ['done'], supersedable: [] }]);
  });

  test('is dropped only while the newer one has its place', () => {
    expect(writesOf(['dev'])).toContainEqual({ do: 'check', key: keys.open('webui', 8), expect: { rev: 1 } });
  });

  test('is dropped in transactions that the table takes, however much it is', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `env-${i}`);
    const writes = writesOf(names);
    expect(writes.filter(({ key }) => key.type === 'deployment')).toHaveLength(MOST_DROPPED);
    expect(writes.length).toBeLessThanOrEqual(100);
    // Each item once: the memory table refuses as DynamoDB does.
    await expect(memoryTable().transact(writes)).resolves.toMatchObject({ committed: false });
  });
});

describe('a rollout that left something to a newer one', () => {
  const left = { state: 'skipped', outcome: { code: 'superseded', because: 'x' } } as const;

  test('ends superseded, with a pointer, also when it had succeeded elsewhere', () => {
    const because = `rollout ${NEWER} took its place in eu; 1 of 2 deployments had succeeded before`;
    expect(superseded(seen(stage({ dev: { state: 'succeeded' }, eu: left }), { supersededBy: NEWER }))).toEqual({
      action: 'finish',
      state: 'superseded',
      outcome: { code: 'superseded', because },
      because,
    });
  });

  test('is none when only Begin found a newer one there', () => {
    expect(superseded(seen(stage({ eu: left })))).toBeUndefined();
    expect(superseded(seen(stage({ dev: { state: 'succeeded' } }), { supersededBy: NEWER }))).toBeUndefined();
  });
});

test('by their places alone one may overtake the other where it gives way and the other goes', () => {
  const older = { ...own, supersedable: ['dev'] };
  expect(mayOvertake(newer, older)).toBe(true);
  expect(mayOvertake(aPlace(8, ['eu'], NEWER), older)).toBe(false);
  expect(mayOvertake({ ...aPlace(8, ['eu'], NEWER), rollback: true }, older)).toBe(true);
  expect(mayOvertake(newer, own)).toBe(false);
  expect(own.rolloutId).toBe(ROLLOUT);
});
