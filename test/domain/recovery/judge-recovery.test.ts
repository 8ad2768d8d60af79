/** After a restore the cluster is right and the table learns: fences, leases, stuck operations, revisions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRecovery, type StandingRevision } from '../../../domain/recovery/judge-recovery.ts';
import { aLease, anOperation, aRelease, later, NOW, OTHER_ROLLOUT } from '../../support/items.ts';

const stands = (revision: number, given: Partial<StandingRevision> = {}): StandingRevision => ({
  revision,
  status: 'deployed',
  fence: 5,
  installation: 'fairlead',
  ...given,
});
const judge = (given: Partial<Parameters<typeof judgeRecovery>[0]>) =>
  judgeRecovery(
    { installation: 'fairlead', release: aRelease(), lease: aLease(), revisions: [stands(4)], ...given },
    NOW,
  );

describe('a release that the table knows as it stands', () => {
  test('agrees', () => {
    expect(judge({})).toEqual({ is: 'agrees', findings: [] });
  });

  test('agrees where nothing was ever installed', () => {
    const release = aRelease({ liveRevision: undefined, goodRevision: undefined, state: 'absent' });
    expect(judge({ release, revisions: [] })).toMatchObject({ is: 'agrees' });
  });
});

describe('a fence of the forgotten time', () => {
  test('is gone over, so that nobody who still works under it may write', () => {
    expect(judge({ revisions: [stands(3, { fence: 9 }), stands(4, { fence: 8 })] })).toMatchObject({
      is: 'differs',
      lease: { fence: 10 },
      findings: ['fence 9 stands in the cluster, the table knows 5: it becomes 10'],
    });
  });

  test('is gone over where the table knows of no lease at all', () => {
    expect(judge({ lease: undefined })).toMatchObject({ is: 'differs', lease: { fence: 6 } });
  });

  test('that no table of ours ever counted to is told, and left where it is', () => {
    const verdict = judge({ revisions: [stands(3, { fence: 9 }), stands(4, { fence: 999_999_999_999_999 })] });
    expect(verdict).toMatchObject({ is: 'differs', lease: { fence: 10 } });
    expect(verdict.findings.join()).toContain('fence 999999999999999 of revision 4 is none that was ever given out');
    const alone = judge({ revisions: [stands(4, { fence: 999_999_999_999_999 })] });
    expect(alone).toMatchObject({ is: 'differs', lease: {}, person: expect.stringContaining('label') });
  });

  test('never falls, whatever stands there', () => {
    const fences = fc.array(fc.nat(50), { maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(50), fences, (known, there) => {
        const revisions = there.map((fence, i) => stands(i + 1, { fence }));
        const verdict = judge({ lease: aLease({ fence: known }), revisions });
        const after = (verdict.is === 'differs' ? verdict.lease.fence : undefined) ?? known;
        expect(after).toBeGreaterThanOrEqual(known);
        for (const fence of there) expect(after).toBeGreaterThanOrEqual(fence);
      }),
    );
  });
});

describe('a lease', () => {
  const holder = { rolloutId: OTHER_ROLLOUT, environment: 'dev', attempt: 1 };

  test('that may still be held keeps everybody waiting', () => {
    const lease = aLease({ holder: { ...holder, deadline: later(3).toISOString() } });
    expect(judge({ lease })).toMatchObject({ is: 'at-work', until: later(3).toISOString() });
  });

  test('whose operation may still be at work, too', () => {
    expect(judge({ lease: aLease({ operation: anOperation() }) })).toMatchObject({ is: 'at-work' });
  });

  test('that is over is given back', () => {
    const lease = aLease({ holder: { ...holder, deadline: later(-3).toISOString() } });
    expect(judge({ lease })).toMatchObject({ is: 'differs', lease: { holder: undefined } });
  });
});

describe('a release that stands in the middle of an operation', () => {
  const over = { hardEnd: later(-1).toISOString() };

  test('is left to repair when the table knows the operation', () => {
    const lease = aLease({ operation: anOperation({ expectedRevision: 5, fence: 5, ...over }) });
    const revisions = [stands(4, { fence: 4 }), stands(5, { status: 'pending-upgrade' })];
    const verdict = judge({ lease, revisions });
    expect(verdict.is === 'differs' && verdict.lease).not.toHaveProperty('operation');
  });

  test('of ours that the table has forgotten is made known again, for the next rollout to repair', () => {
    const revisions = [stands(4), stands(5, { status: 'pending-upgrade', fence: 7 })];
    expect(judge({ revisions })).toMatchObject({
      is: 'differs',
      lease: {
        fence: 8,
        operation: { kind: 'apply', expectedRevision: 5, fence: 7, overAt: NOW.toISOString() },
      },
    });
    expect(judge({ revisions })).not.toHaveProperty('person');
  });

  test.each<[string, StandingRevision]>([
    ['of another installation', stands(5, { status: 'pending-upgrade', installation: 'other' })],
    ['without a label of ours', { revision: 5, status: 'pending-install' }],
    ['that helm labels with what was before', stands(5, { status: 'pending-rollback' })],
    ['that is going away', stands(5, { status: 'uninstalling' })],
  ])('%s is for a person', (_whose, stuck) => {
    const verdict = judge({ revisions: [stands(4), stuck] });
    expect(verdict).toMatchObject({ is: 'differs', person: expect.stringContaining('with helm') });
    expect(verdict.is === 'differs' && verdict.lease).not.toHaveProperty('operation');
  });
});

describe('revisions', () => {
  test('that came in the forgotten time: what they are made of is not known, the good one stays good', () => {
    const verdict = judge({ revisions: [stands(4), stands(5)] });
    expect(verdict).toMatchObject({
      release: { liveRevision: 5, goodRevision: 4, state: 'failed', inputsDigest: undefined, rolloutId: undefined },
    });
  });

  test('of which helm has forgotten the good one', () => {
    expect(judge({ revisions: [stands(15)] })).toMatchObject({
      release: { liveRevision: 15, goodRevision: undefined },
    });
  });

  test('that were taken away', () => {
    for (const revisions of [[], [stands(4, { status: 'uninstalled' })]]) {
      expect(judge({ revisions })).toMatchObject({
        release: { state: 'absent', liveRevision: undefined, goodRevision: undefined },
      });
    }
  });

  test('under way when the backup was made are settled by what stands there', () => {
    expect(judge({ release: aRelease({ state: 'deploying' }) })).toMatchObject({ release: { state: 'failed' } });
  });
});
