import { expect, test } from 'vitest';
import { busyUntil, holds, isLive } from '../../../domain/deployment/lease-holder.ts';
import { aLease, anOperation, later, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';

const me = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1 };
const holder = (minutes: number) => ({ ...me, deadline: later(minutes).toISOString() });
const operation = (minutes: number) => anOperation({ hardEnd: later(minutes).toISOString() });

test('a lease is held by exactly one attempt at one deployment', () => {
  const lease = aLease({ holder: holder(5) });
  expect(holds(lease, me)).toBe(true);
  expect(holds(lease, { ...me, attempt: 2 })).toBe(false);
  expect(holds(lease, { ...me, environment: 'staging' })).toBe(false);
  expect(holds(lease, { ...me, rolloutId: OTHER_ROLLOUT })).toBe(false);
  expect(holds(aLease(), me)).toBe(false);
  expect(holds(undefined, me)).toBe(false);
});

test('an operation lives until it reports its end or reaches its hard end', () => {
  expect(isLive(operation(1), NOW)).toBe(true);
  expect(isLive(operation(0), NOW)).toBe(false);
  expect(isLive({ ...operation(1), overAt: NOW.toISOString() }, NOW)).toBe(false);
  expect(isLive(undefined, NOW)).toBe(false);
});

test.each<[string, Parameters<typeof busyUntil>[0], Date | undefined]>([
  ['no lease yet', undefined, undefined],
  ['a free one', aLease(), undefined],
  ['a holder within its deadline', aLease({ holder: holder(5) }), later(5)],
  ['a holder whose deadline is over', aLease({ holder: holder(0) }), undefined],
  ['no holder, but an operation at work', aLease({ operation: operation(3) }), later(3)],
  ['a late holder whose operation is at work', aLease({ holder: holder(-1), operation: operation(3) }), later(3)],
  ['both: the later end counts (holder)', aLease({ holder: holder(5), operation: operation(3) }), later(5)],
  ['both: the later end counts (operation)', aLease({ holder: holder(3), operation: operation(5) }), later(5)],
  ['an operation that is over', aLease({ operation: { ...operation(5), overAt: NOW.toISOString() } }), undefined],
])('busy until: %s', (_, lease, until) => {
  expect(busyUntil(lease, NOW)?.until).toEqual(until);
});
