import { describe, expect, test } from 'vitest';
import { type ApplySeen, applyStep, healthMatters } from '../../../domain/release/apply-step.ts';
import { aHistory } from '../../support/helm-history.ts';
import { aDeployment, aLease, anOperation, aRelease, later, NOW, ROLLOUT, someInputs } from '../../support/items.ts';

const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };
const lease = (given = {}) => aLease({ holder, fence: 9, ...given });
const good = { chartDigest: 'sha256:aaaa', effectiveDigest: 'hmac-sha256:e', goodRevision: 4, liveRevision: 4 };
const deployed = aHistory([{ status: 'deployed', fence: 3 }], 4);

const seen = (given: Partial<ApplySeen> = {}): ApplySeen => ({
  deployment: aDeployment({ state: 'applying', inputs: someInputs({ chartDigest: 'sha256:aaaa' }) }),
  attempt: 1,
  lease: lease(),
  release: aRelease(),
  history: deployed,
  effectiveDigest: 'hmac-sha256:e',
  healthy: true,
  requestId: 'mine',
  hardEnd: later(5),
  ...given,
});
const step = (given: Partial<ApplySeen> = {}) => applyStep(seen(given), NOW);

test('the next revision is claimed, and its fence is the next', () => {
  expect(step()).toMatchObject({
    is: 'upgrade',
    expectedRevision: 5,
    fence: 10,
    changes: { operation: { kind: 'apply', expectedRevision: 5, requestId: 'mine', hardEnd: later(5).toISOString() } },
  });
});

test.each([
  ['nothing was ever installed', aHistory([]), 1],
  ['it was uninstalled with its history kept', aHistory([{ status: 'uninstalled', fence: 1 }], 7), 8],
  ['the last revision failed', aHistory([{ status: 'failed', fence: 1 }], 2), 3],
])('when %s', (_, history, expectedRevision) => {
  expect(step({ history })).toMatchObject({ is: 'upgrade', expectedRevision });
});

describe('this call has nothing to do', () => {
  test.each([
    ['when another try is at hand', { attempt: 2 }],
    ['when the deployment is over', { deployment: aDeployment({ state: 'errored' }) }],
    ['when the lease went to somebody else', { lease: lease({ holder: { ...holder, attempt: 2 } }) }],
  ])('%s', (_, given) => expect(step(given)).toMatchObject({ is: 'lost' }));
  test.each([
    ['has rolled back', aHistory([{ status: 'deployed', fence: 3 }], 6), { overAt: NOW.toISOString() }],
    ['died rolling back', aHistory([{ status: 'pending-rollback', fence: 3 }], 6), { overAt: NOW.toISOString() }],
  ])('when it comes so late that a later call of the try %s: bad inputs do not come again', (_, history, over) => {
    const operation = anOperation({ kind: 'roll-back', expectedRevision: 6, fence: 9, ...over });
    const deployment = aDeployment({ state: 'rolling-back', revision: 5 });
    expect(step({ deployment, history, lease: lease({ operation }) })).toEqual({
      is: 'lost',
      because: 'the deployment is being rolled back',
    });
  });
  test('while an earlier call may be at work', () => {
    expect(step({ lease: lease({ operation: anOperation({ hardEnd: later(2).toISOString() }) }) })).toMatchObject({
      is: 'wait',
      until: later(2).toISOString(),
    });
  });
});

describe('unchanged', () => {
  const same = { release: aRelease(good) };
  test('when chart, values and revision are those recorded, and it is healthy', () => {
    expect(step(same)).toMatchObject({ is: 'unchanged', revision: 4 });
  });
  test.each([
    ['other values', { ...same, effectiveDigest: 'hmac-sha256:f' }],
    ['another chart', { release: aRelease({ ...good, chartDigest: 'sha256:bbbb' }) }],
    ["somebody else's revision", { release: aRelease({ ...good, liveRevision: 3 }) }],
    ['ill health', { ...same, healthy: false }],
    ['a failed revision', { ...same, history: aHistory([{ status: 'failed' as const, fence: 3 }], 4) }],
  ])('not with %s', (_, given) => expect(step(given)).toMatchObject({ is: 'upgrade' }));
});

describe('what an earlier call left behind', () => {
  const over = { overAt: NOW.toISOString() };
  test('in mid-upgrade is rolled back to the good revision first', () => {
    const history = aHistory(
      [
        { status: 'superseded', fence: 3 },
        { status: 'pending-upgrade', fence: 9 },
      ],
      4,
    );
    const operation = anOperation({ expectedRevision: 5, fence: 9, ...over });
    expect(step({ history, lease: lease({ operation }), release: aRelease(good) })).toMatchObject({
      is: 'repair',
      way: { is: 'roll-back', toRevision: 4 },
      changes: { operation: { kind: 'repair', expectedRevision: 6 } },
    });
  });
  test('in mid-install is taken away first', () => {
    const history = aHistory([{ status: 'pending-install', fence: 9 }]);
    const operation = anOperation({ expectedRevision: 1, fence: 9, ...over });
    const release = aRelease({ goodRevision: undefined, liveRevision: undefined });
    expect(step({ history, release, lease: lease({ operation }) })).toMatchObject({
      is: 'repair',
      way: { is: 'uninstall' },
    });
  });
  test('stays when nothing good is left to go back to', () => {
    const history = aHistory([{ status: 'pending-upgrade', fence: 9 }], 5);
    const operation = anOperation({ expectedRevision: 5, fence: 9, ...over });
    expect(step({ history, lease: lease({ operation }), release: aRelease(good) })).toMatchObject({
      is: 'blocked',
      outcome: { code: 'interrupted' },
    });
  });
  test('done but not said is taken as done', () => {
    const history = aHistory([{ status: 'deployed', fence: 9 }], 5);
    const operation = anOperation({ expectedRevision: 5, fence: 9, ...over });
    expect(step({ history, lease: lease({ operation }) })).toEqual({ is: 'made', revision: 5 });
  });
  test('done by the deployment before is not ours: Begin has raised the fence since', () => {
    const history = aHistory([{ status: 'deployed', fence: 8 }], 5);
    const operation = anOperation({ expectedRevision: 5, fence: 8, ...over });
    expect(step({ history, lease: lease({ operation }) })).toMatchObject({ is: 'upgrade', expectedRevision: 6 });
  });
});

test('a person at work blocks', () => {
  const history = aHistory([{ status: 'pending-upgrade', fence: 3 }], 5);
  expect(step({ history })).toMatchObject({ is: 'blocked', outcome: { code: 'foreign-operation' } });
});

describe('a release from before Fairlead', () => {
  const release = aRelease({ goodRevision: undefined, liveRevision: undefined });
  test('becomes the good revision when it is healthy', () => {
    expect(step({ release })).toMatchObject({ is: 'upgrade', adopts: 4 });
  });
  test('does not when it is not', () => {
    expect(step({ release, healthy: false })).not.toHaveProperty('adopts');
  });
});

describe('a good revision that is not there any more', () => {
  test.each([
    ['somebody uninstalled the release', aHistory([])],
    ['with its history kept', aHistory([{ status: 'uninstalled', fence: 1 }], 7)],
    ['and installed another, whose numbers begin anew', aHistory([{ status: 'failed' }], 1)],
  ])('is forgotten: %s', (_, history) => {
    expect(step({ history })).toMatchObject({ is: 'upgrade', forgets: true });
  });
  test('makes room for what stands there and is healthy', () => {
    expect(step({ history: aHistory([{ status: 'deployed' }], 15) })).toMatchObject({ adopts: 15 });
    expect(step({ history: aHistory([{ status: 'deployed' }], 2) })).toMatchObject({ adopts: 2 });
  });
  test('but is not forgotten when helm has only pruned it: what once was good is never taken for a first install', () => {
    const answer = step({ history: aHistory([{ status: 'deployed', fence: 3 }], 15), healthy: false });
    expect(answer).not.toHaveProperty('forgets');
    expect(answer).not.toHaveProperty('adopts');
  });
  test('is kept while it is there', () => {
    const answer = step();
    expect(answer).not.toHaveProperty('forgets');
    expect(answer).not.toHaveProperty('adopts');
  });
});

describe('health is asked for', () => {
  test.each([
    ['when nothing else speaks against unchanged', { release: aRelease(good) }, true],
    ['when there is something to take over', { release: aRelease({ goodRevision: undefined }) }, true],
    ['not when the values differ', { release: aRelease({ ...good, effectiveDigest: 'x' }) }, false],
    ['not when nothing is installed', { history: aHistory([]) }, false],
  ])('%s', (_, given, asked) => expect(healthMatters(seen(given), NOW)).toBe(asked));
});
