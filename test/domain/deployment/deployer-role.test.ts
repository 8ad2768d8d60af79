import { expect, test } from 'vitest';
import { clusterAccessRole, deployerRole } from '../../../domain/deployment/deployer-role.ts';

const HOME = {
  installation: 'fairlead',
  account: '111111111111',
  region: 'eu-north-1',
  clusterAccount: '111111111111',
};

test.each([
  ['the default deployer', { deployer: 'default' }, 'arn:aws:iam::111111111111:role/fairlead-deployer'],
  ['a deployer by name', { deployer: 'private-eu' }, 'arn:aws:iam::111111111111:role/fairlead-deployer-private-eu'],
  [
    'a cluster of another account, whichever the deployer',
    { deployer: 'private-eu', clusterAccount: '222222222222' },
    'arn:aws:iam::222222222222:role/fairlead-cluster-access',
  ],
  [
    'another installation',
    { installation: 'acme', deployer: 'default' },
    'arn:aws:iam::111111111111:role/acme-deployer',
  ],
  [
    "China's partition",
    { region: 'cn-north-1', deployer: 'default' },
    'arn:aws-cn:iam::111111111111:role/fairlead-deployer',
  ],
  [
    "the government's partition",
    { region: 'us-gov-west-1', deployer: 'default', clusterAccount: '222222222222' },
    'arn:aws-us-gov:iam::222222222222:role/fairlead-cluster-access',
  ],
])('the role that a cluster must know: %s', (_, changes, arn) => {
  expect(deployerRole({ ...HOME, ...changes })).toBe(arn);
});

test('the role of an account is the same for every deployer', () => {
  const arn = clusterAccessRole({ installation: 'fairlead', region: 'eu-north-1', clusterAccount: '222222222222' });
  expect(arn).toBe(deployerRole({ ...HOME, deployer: 'x', clusterAccount: '222222222222' }));
});
