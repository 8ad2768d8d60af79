import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  claimOperation,
  endOperation,
  mayWrite,
  renewOperation,
  type Wish,
  whyNotHolder,
} from '../../../domain/deployment/lease.ts';
import { busyUntil, isLive } from '../../../domain/deployment/lease-holder.ts';
import type { LeaseItem } from '../../../domain/items/release.ts';
import { aLease, anOperation, later, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';

const me = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1 };
const held = (minutes = 60) => ({ ...me, deadline: later(minutes).toISOString() });
const wish = (given: Partial<Wish> = {}): Wish => ({
  requestId: 'mine',
  kind: 'apply',
  expectedRevision: 3,
  hardEnd: later(5).toISOString(),
  ...given,
});

describe('claiming an operation', () => {
  test('the holder may, and the fence rises', () => {
    const claim = claimOperation(aLease({ holder: held() }), me, wish(), NOW);
    expect(claim).toEqual({ may: 'claim', fence: 6, changes: { fence: 6, operation: { ...wish(), fence: 6 } } });
  });

  test.each([
    ['without a lease', undefined],
    ['when nobody holds it', aLease()],
    ['when another try holds it', aLease({ holder: { ...held(), attempt: 2 } })],
    ['when another rollout holds it', aLease({ holder: { ...held(), rolloutId: OTHER_ROLLOUT } })],
    ['when another environment holds it', aLease({ holder: { ...held(), environment: 'prod' } })],
    ['when its time is over', aLease({ holder: held(0) })],
  ])('not %s', (_, lease) => {
    expect(claimOperation(lease, me, wish(), NOW)).toMatchObject({ may: 'not' });
  });

  test('not while an earlier call may still be at work', () => {
    const lease = aLease({ holder: held(), operation: anOperation({ hardEnd: later(3).toISOString() }) });
    expect(claimOperation(lease, me, wish(), NOW)).toMatchObject({ may: 'wait', until: later(3).toISOString() });
  });

  test.each([
    ['reported its end', anOperation({ overAt: NOW.toISOString() })],
    ['is past its hard end', anOperation({ hardEnd: NOW.toISOString() })],
    ['is its own', anOperation({ requestId: 'mine' })],
  ])('again once the earlier one %s', (_, operation) => {
    expect(claimOperation(aLease({ holder: held(), operation }), me, wish(), NOW)).toMatchObject({
      may: 'claim',
      fence: 6,
    });
  });
});

describe('writing', () => {
  const lease = (given = {}) => aLease({ holder: held(), fence: 6, operation: anOperation({ fence: 6 }), ...given });
  test.each([
    ['our fence, in time', lease(), true],
    ['a fence that has risen', lease({ fence: 7 }), false],
    ['a lease that went to another', lease({ holder: { ...held(), attempt: 2 } }), false],
    ['an operation that is over', lease({ operation: anOperation({ overAt: NOW.toISOString() }) }), false],
    ['an operation past its hard end', lease({ operation: anOperation({ hardEnd: NOW.toISOString() }) }), false],
    ['no lease at all', undefined, false],
  ])('%s', (_, seen, may) => expect(mayWrite(seen, me, 6, NOW)).toBe(may));
});

describe('ending an operation', () => {
  test('by the request that claimed it, once', () => {
    const lease = aLease({ holder: held(), operation: anOperation({ requestId: 'mine' }) });
    const over = endOperation(lease, 'mine', NOW);
    expect(over).toEqual({ operation: anOperation({ requestId: 'mine', overAt: NOW.toISOString() }) });
    expect(endOperation({ ...lease, ...over }, 'mine', later(1))).toBeUndefined();
  });
  test("another request's is not ended", () => {
    expect(endOperation(aLease({ operation: anOperation({ requestId: 'other' }) }), 'mine', NOW)).toBeUndefined();
  });
});

interface Step {
  readonly minutes: number;
  readonly attempt: number;
  readonly request: number;
  readonly does: 'take' | 'claim' | 'end';
  readonly lasts: number;
}

/** Two tries and several calls of each, in any order and at any time, on one lease. */
const story: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 20 }),
    attempt: fc.integer({ min: 1, max: 2 }),
    request: fc.integer({ min: 1, max: 4 }),
    does: fc.constantFrom('take', 'claim', 'end'),
    lasts: fc.integer({ min: 1, max: 15 }),
  }),
  { maxLength: 40 },
);

/** The lease after `step`, which Begin (`take`) or a call of the deployer tries at `minutes`. */
function after(lease: LeaseItem, step: Step, minutes: number): LeaseItem {
  const now = later(minutes);
  const who = { ...me, attempt: step.attempt };
  const requestId = `${step.attempt}-${step.request}`;
  if (step.does === 'end') return { ...lease, ...endOperation(lease, requestId, now) };
  if (step.does === 'take') {
    const holder = { ...who, deadline: later(minutes + 30).toISOString() };
    return busyUntil(lease, now) === undefined ? { ...lease, fence: lease.fence + 1, holder } : lease;
  }
  const hardEnd = later(minutes + step.lasts).toISOString();
  const claim = claimOperation(lease, who, wish({ requestId, hardEnd }), now);
  return claim.may === 'claim' ? { ...lease, ...claim.changes } : lease;
}

/** What no step may ever do to the lease. */
function expectLawful(before: LeaseItem, lease: LeaseItem, attempt: number, now: Date): void {
  expect(lease.fence).toBeGreaterThanOrEqual(before.fence);
  const live = before.operation !== undefined && isLive(before.operation, now) ? before.operation : undefined;
  if (lease.holder !== before.holder) {
    expect(live).toBeUndefined();
    expect(Date.parse(before.holder?.deadline ?? '')).toBeLessThanOrEqual(now.getTime());
  }
  if (lease.operation?.fence === before.operation?.fence) return;
  expect(lease.fence).toBeGreaterThan(before.fence);
  expect(whyNotHolder(before, { ...me, attempt }, now)).toBeUndefined();
  expect(live?.requestId ?? lease.operation?.requestId).toBe(lease.operation?.requestId);
}

test('whatever happens: fences only rise, no two operations live at once, nobody takes over before both ends', () =>
  fc.assert(
    fc.property(story, (steps) => {
      let lease: LeaseItem = aLease({ holder: held(30), fence: 1 });
      let minutes = 0;
      for (const step of steps) {
        minutes += step.minutes;
        const before = lease;
        lease = after(before, step, minutes);
        expectLawful(before, lease, step.attempt, later(minutes));
      }
    }),
  ));

describe('renewing an operation', () => {
  const lease = (given: Partial<LeaseItem> = {}) => aLease({ holder: held(), operation: anOperation(), ...given });
  const renew = (seen: LeaseItem | undefined, fence = 5, now = NOW) =>
    renewOperation(seen, me, fence, { hardEnd: later(20), now });

  test('moves its hard end on, and nothing else', () => {
    expect(renew(lease())).toEqual({ operation: anOperation({ hardEnd: later(20).toISOString() }) });
  });

  test.each<[string, LeaseItem | undefined, number?, Date?]>([
    ['without a lease', undefined],
    ['without an operation', aLease({ holder: held() })],
    ['that is over', lease({ operation: anOperation({ overAt: NOW.toISOString() }) })],
    ['that is late already', lease(), 5, later(14)],
    ['under an older fence', lease(), 4],
    ['of another holder', lease({ holder: { ...held(), rolloutId: OTHER_ROLLOUT } })],
    ['beyond the holder’s time', lease({ holder: held(1) }), 5, later(1)],
  ])('not %s', (_, seen, fence, now) => {
    expect(renew(seen, fence, now)).toBeUndefined();
  });
});
