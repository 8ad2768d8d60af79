import { describe, expect, test } from 'vitest';
import { type RollBackSeen, rollBackStep } from '../../../domain/release/roll-back-step.ts';
import { aHistory } from '../../support/helm-history.ts';
import { aDeployment, aLease, anOperation, aRelease, later, NOW, ROLLOUT } from '../../support/items.ts';

const holder = { rolloutId: ROLLOUT, environment: 'dev', attempt: 1, deadline: later(60).toISOString() };
const lease = (given = {}) => aLease({ holder, fence: 9, ...given });
const over = { overAt: NOW.toISOString() };
const history = aHistory(
  [
    { status: 'superseded', fence: 3 },
    { status: 'deployed', fence: 9 },
  ],
  4,
);

const seen = (given: Partial<RollBackSeen> = {}): RollBackSeen => ({
  deployment: aDeployment({ state: 'observing', revision: 5 }),
  attempt: 1,
  lease: lease(),
  release: aRelease({ goodRevision: 4, liveRevision: 4 }),
  history,
  requestId: 'mine',
  hardEnd: later(5),
  ...given,
});
const step = (given: Partial<RollBackSeen> = {}) => rollBackStep(seen(given), NOW);

test('to the good revision, which becomes the next one', () => {
  expect(step()).toMatchObject({
    is: 'roll-back',
    toRevision: 4,
    expectedRevision: 6,
    fence: 10,
    changes: { operation: { kind: 'roll-back', expectedRevision: 6 } },
  });
});

test('a first install is taken away', () => {
  const first = aHistory([{ status: 'failed', fence: 9 }]);
  const release = aRelease({ goodRevision: undefined });
  const deployment = aDeployment({ state: 'applying', revision: 1 });
  expect(step({ history: first, release, deployment })).toMatchObject({
    is: 'uninstall',
    changes: { operation: { kind: 'uninstall', expectedRevision: 1 } },
  });
});

describe('it stays as it is', () => {
  test.each([
    ["when somebody else's revision came since", { history: aHistory([{ status: 'deployed', fence: 9 }], 6) }],
    ['when somebody else is at work', { history: aHistory([{ status: 'pending-upgrade', fence: 9 }], 6) }],
    ['when the good revision was pruned', { release: aRelease({ goodRevision: 2 }) }],
    ['when we never made a revision', { deployment: aDeployment({ state: 'applying' }) }],
  ])('%s', (_, given) => expect(step(given)).toMatchObject({ is: 'refused' }));
});

describe('a call that follows a dead one', () => {
  test('waits for its hard end', () => {
    expect(step({ lease: lease({ operation: anOperation({ kind: 'roll-back' }) }) })).toMatchObject({ is: 'wait' });
  });
  test('rolls back what was cut off in mid-upgrade, even when its revision was never recorded', () => {
    const deployment = aDeployment({ state: 'applying' });
    const cut = aHistory(
      [
        { status: 'superseded', fence: 3 },
        { status: 'pending-upgrade', fence: 9 },
      ],
      4,
    );
    const operation = anOperation({ expectedRevision: 5, fence: 9, ...over });
    expect(step({ deployment, history: cut, lease: lease({ operation }) })).toMatchObject({
      is: 'roll-back',
      toRevision: 4,
    });
  });
  test('goes on with a roll-back that was cut off', () => {
    const cut = aHistory(
      [
        { status: 'superseded', fence: 3 },
        { status: 'failed', fence: 9 },
        { status: 'pending-rollback', fence: 3 },
      ],
      4,
    );
    const operation = anOperation({ kind: 'roll-back', expectedRevision: 6, ...over });
    expect(step({ history: cut, lease: lease({ operation }) })).toMatchObject({ is: 'roll-back', expectedRevision: 7 });
  });
  test('says what the dead one could not say', () => {
    const done = aHistory(
      [
        { status: 'superseded', fence: 3 },
        { status: 'superseded', fence: 9 },
        { status: 'deployed', fence: 3 },
      ],
      4,
    );
    const operation = anOperation({ kind: 'roll-back', expectedRevision: 6, ...over });
    expect(step({ history: done, lease: lease({ operation }) })).toMatchObject({ is: 'done', revision: 6 });
  });
  test('finds nothing left of a first install', () => {
    const answer = step({
      history: aHistory([]),
      lease: lease({ operation: anOperation({ kind: 'uninstall', ...over }) }),
    });
    expect(answer).toMatchObject({ is: 'done' });
    expect(answer).not.toHaveProperty('revision');
  });
});

test.each([
  ['another try is at hand', { attempt: 2 }],
  ['the deployment is over', { deployment: aDeployment({ state: 'errored', revision: 5 }) }],
  ['the lease is gone', { lease: lease({ holder: undefined }) }],
])('nothing to do when %s', (_, given) => expect(step(given)).toMatchObject({ is: 'lost' }));
