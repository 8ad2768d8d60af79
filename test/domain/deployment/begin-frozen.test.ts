import { expect, test } from 'vitest';
import type { DeploymentSeen } from '../../../domain/deployment/look-at-deployment.ts';
import { beginDeployment } from '../../../domain/deployment/record-begin.ts';
import type { FreezeItem } from '../../../domain/items/gates.ts';
import { CALENDAR } from '../../support/calendar.ts';
import { aSight, DEPLOYERS, putBy } from '../../support/deployment-table.ts';
import { aDeployment, aHold, aRollout, later, NOW } from '../../support/items.ts';

const aFreeze = (given: Partial<FreezeItem> = {}): FreezeItem => ({
  type: 'freeze',
  v: 1,
  rev: 1,
  name: 'launch',
  window: { is: 'once', from: later(-10).toISOString(), to: later(90).toISOString() },
  target: { ring: 'prod' },
  reason: 'the big day',
  overridableBy: ['fairlead-operator'],
  by: 'operator/ann',
  at: later(-20).toISOString(),
  ...given,
});
const frozen = aDeployment({ labels: { ring: 'prod' } });
const begin = (freezes: readonly FreezeItem[], given: Partial<DeploymentSeen> = {}) =>
  beginDeployment(
    { ...aSight({ deployment: frozen, ...given }), deployers: DEPLOYERS, freezes, calendar: CALENDAR },
    1,
    NOW,
  );

test('a freeze that came since the rollout decided puts the deployment off until its end, and takes nothing', () => {
  const { writes, result } = begin([aFreeze()]);
  expect(result).toMatchObject({
    outcome: 'not-begun',
    because: expect.stringContaining('freeze launch by operator/ann'),
  });
  const put = putBy(writes);
  expect(put.deployment).toMatchObject({
    state: 'pending',
    begun: 1,
    deferred: { on: 'freeze', until: later(90).toISOString() },
  });
  expect(put.news).toMatchObject({ kind: 'deployment-deferred', text: expect.stringContaining('the big day') });
  expect(put.lease).toBeUndefined();
});

test.each<[string, Partial<FreezeItem>, Partial<DeploymentSeen>]>([
  ['of other labels', { target: { ring: 'dev' } }, {}],
  ['of another package', { packages: ['worker'] }, {}],
  ['that is over', { window: { is: 'once', from: later(-10).toISOString(), to: NOW.toISOString() } }, {}],
  [
    'that was overridden',
    {},
    {
      rollout: aRollout({ override: { role: 'fairlead-operator', by: 'ann', reason: 'a fix', at: NOW.toISOString() } }),
    },
  ],
])('a freeze %s is not in its way', (_what, freeze, given) => {
  expect(begin([aFreeze(freeze)], given).result).toMatchObject({ outcome: 'begun' });
});

test('what is held or aborted is not put off by a freeze: it ends', () => {
  expect(putBy(begin([aFreeze()], { hold: aHold() }).writes).deployment).toMatchObject({ state: 'skipped' });
  const abort = { by: 'operator/ann', reason: 'wrong version', at: NOW.toISOString() };
  expect(putBy(begin([aFreeze()], { rollout: aRollout({ abort }) }).writes).deployment).toMatchObject({
    state: 'skipped',
  });
});
