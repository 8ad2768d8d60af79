/** Charts from buckets: the planner reads those that `fairlead.yaml` lists, and nobody else does. */
import { expect, test } from 'vitest';
import { linesOf, rightsOf, synthesise, testConfig } from '../../support/synth.ts';

const built = synthesise(testConfig({ charts: { plainHttp: false, buckets: ['shared-charts'] } }));
const ofBucket = (path: string) =>
  linesOf(rightsOf(built, built.idOf(`${path}/Role/Resource`))).filter((line) => line.includes('shared-charts'));

test('the planner reads and lists them', () => {
  expect(ofBucket('Rollouts/PlanRollout').map((line) => line.replace('<AWS::Partition>', 'aws'))).toEqual([
    's3:GetObject arn:aws:s3:::shared-charts/*',
    's3:ListBucket arn:aws:s3:::shared-charts',
  ]);
});

test('deployers read copies only', () => {
  expect(ofBucket('Deployments/Deployer/DeployRelease')).toEqual([]);
  const rights = linesOf(rightsOf(built, built.idOf('Deployments/Deployer/DeployRelease/Role/Resource')));
  expect(rights.filter((line) => line.startsWith('s3:') && line.includes('/charts/*'))).toEqual([
    expect.stringMatching(/^s3:GetObject <StoragePlansBucket/),
  ]);
});
