import { expect, test } from 'vitest';
import { RolloutView } from '../../../contracts/api/rollout.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import { rolloutView } from '../../../lambdas/answer-request/views.ts';
import { aDeployment, aRollout, aStage, NOW } from '../../support/items.ts';

const INSTALLATION = {
  rolePrefix: 'fairlead-',
  account: '111111111111',
  region: 'eu-north-1',
  chartRegistry: 'oci://charts.example',
  values: { prefix: '', labelOrder: [], bucket: 'values' },
  deployers: ['default'],
  clusterAccounts: [],
  rolloutMachineArn: 'arn:aws:states:eu-north-1:111111111111:stateMachine:fairlead-rollout',
};
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 6_291_556;

/** As long as an outcome can be. */
const culprit = { kind: 'k'.repeat(100), name: 'n'.repeat(260), namespace: 's'.repeat(100), because: 'b'.repeat(500) };
const failed = (i: number): DeploymentItem =>
  aDeployment({
    environment: `environment-with-a-long-name-${i}`,
    state: 'failed',
    finishedAt: NOW.toISOString(),
    outcome: { code: 'not-ready', because: 'x'.repeat(2000), objects: Array.from({ length: 20 }, () => culprit) },
  });
const view = (count: number) =>
  rolloutView(
    aRollout(),
    { deployments: Array.from({ length: count }, (_, i) => failed(i)), approvals: [], statuses: [] },
    INSTALLATION,
    NOW,
  );

test('a rollout to 500 environments that all went as wrong as can be fits the answer of a Lambda', () => {
  const body = JSON.stringify(view(500));
  expect(body.length).toBeLessThan(MOST_BYTES);
  expect(view(500).deployments[0]?.outcome?.objects).toHaveLength(3);
});

test('smaller ones name every object', () => {
  expect(view(100).deployments[99]?.outcome?.objects).toHaveLength(20);
});

test('the stages of a view say how they go on', () => {
  const stage = { ...aStage(), size: 4, spreadMinutes: 60, unreachable: { policy: 'wait' as const, minutes: 30 } };
  const { plan } = aRollout();
  if (plan === undefined) throw new Error('no plan');
  const seen = { deployments: [aDeployment({ lookedAt: NOW.toISOString() })], approvals: [], statuses: [] };
  const shown = RolloutView.parse(
    rolloutView(aRollout({ plan: { ...plan, stages: [stage] } }), seen, INSTALLATION, NOW),
  );
  expect(shown.stages).toMatchObject([{ spreadMinutes: 60, unreachable: { policy: 'wait', minutes: 30 } }]);
  expect(shown.deployments[0]?.lookedAt).toBe(NOW.toISOString());
});
