/** What lets the deployers into clusters of other accounts. */
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { clusterAccountApp } from '../../lib/cluster-account-app.ts';
import { ClusterAccess, type ClusterAccessProps, ClusterAccessRefused } from '../../lib/constructs/cluster-access.ts';
import { linesOf, ofType, rightsOf, synthesiseOnly, testConfig } from '../support/synth.ts';

const DEPLOYER = 'arn:aws:iam::111111111111:role/fairlead-deployer';
const props: ClusterAccessProps = {
  installation: 'fairlead',
  deployerRoleArns: [DEPLOYER],
  externalId: 'f3a9c1d2-2',
  clusters: [{ name: 'prod-eu' }],
};
const build = (changes: Partial<ClusterAccessProps> = {}) =>
  synthesiseOnly((stack) => new ClusterAccess(stack, 'ClusterAccess', { ...props, ...changes }));
const trustOf = (changes: Partial<ClusterAccessProps> = {}) =>
  ofType(build(changes), 'AWS::IAM::Role')[0]?.Properties.AssumeRolePolicyDocument.Statement;

describe('the role of an account', () => {
  test('has the name that deployers assume', () => {
    expect(ofType(build(), 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName)).toEqual([
      'fairlead-cluster-access',
    ]);
  });

  test('trusts exactly the deployers, and only when they tell the external id', () => {
    const deployerRoleArns = [DEPLOYER, `${DEPLOYER}-private`];
    expect(trustOf({ deployerRoleArns })).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: deployerRoleArns },
        Condition: { StringEquals: { 'sts:ExternalId': 'f3a9c1d2-2' } },
      },
    ]);
  });

  test('may ask for the organisation too', () => {
    expect(trustOf({ organizationId: 'o-a1b2c3d4e5' })[0].Condition).toEqual({
      StringEquals: { 'sts:ExternalId': 'f3a9c1d2-2', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
    });
  });

  test('may describe the named clusters, and nothing else', () => {
    const built = build({ clusters: [{ name: 'prod-eu' }, { name: 'prod-us', region: 'us-east-1' }] });
    const lines = linesOf(rightsOf(built, built.idOf('ClusterAccess/Role/Resource')));
    expect(lines.map((line) => line.replace('<AWS::Partition>', 'aws'))).toEqual([
      'eks:DescribeCluster arn:aws:eks:eu-north-1:123456789012:cluster/prod-eu',
      'eks:DescribeCluster arn:aws:eks:us-east-1:123456789012:cluster/prod-us',
    ]);
  });

  test('of clusters whose address is registered has no rights at all', () => {
    expect(ofType(build({ clusters: [] }), 'AWS::IAM::Policy')).toEqual([]);
  });
});

describe('an access entry', () => {
  test('makes the role a member of the deployers, and gives it no policy', () => {
    const built = build();
    const [entry] = ofType(built, 'AWS::EKS::AccessEntry');
    expect(entry?.Properties).toEqual({
      ClusterName: 'prod-eu',
      PrincipalArn: { 'Fn::GetAtt': [built.idOf('ClusterAccess/Role/Resource'), 'Arn'] },
      Type: 'STANDARD',
      Username: 'fairlead:{{SessionName}}',
      KubernetesGroups: ['fairlead:deployers'],
    });
  });

  test('is made in the stack’s region only, and not where the cluster knows aws-auth only', () => {
    const clusters = [{ name: 'here' }, { name: 'there', region: 'us-east-1' }, { name: 'old', accessEntry: false }];
    const entries = ofType(build({ clusters }), 'AWS::EKS::AccessEntry');
    expect(entries.map(({ Properties }) => Properties.ClusterName)).toEqual(['here']);
  });
});

test.each<readonly [string, Partial<ClusterAccessProps>, RegExp]>([
  ['nobody', { deployerRoleArns: [] }, /name the role of each deployer/],
  ['everybody', { deployerRoleArns: ['*'] }, /'\*' is no role by its whole ARN/],
  ['a whole account', { deployerRoleArns: ['arn:aws:iam::111111111111:root'] }, /root would let in everybody there/],
  ['an account by its number', { deployerRoleArns: ['111111111111'] }, /is no role/],
  ['roles by pattern', { deployerRoleArns: ['arn:aws:iam::111111111111:role/fairlead-*'] }, /is no role/],
  ['any account', { deployerRoleArns: ['arn:aws:iam::*:role/fairlead-deployer'] }, /is no role/],
  ['a user', { deployerRoleArns: ['arn:aws:iam::111111111111:user/ada'] }, /is no role/],
  ['a role with a path', { deployerRoleArns: ['arn:aws:iam::111111111111:role/x/fairlead-deployer'] }, /without path/],
  ['one good and one bad', { deployerRoleArns: [DEPLOYER, '*'] }, /'\*' is no role/],
  ['an external id that is easy to guess', { externalId: 'abc' }, /externalId 'abc': 8 characters or more/],
  ['an external id by pattern', { externalId: 'f3a9c1d2-*' }, /externalId 'f3a9c1d2-\*'/],
  ['organisations by pattern', { organizationId: 'o-*' }, /organizationId 'o-\*' is no id/],
  ['every cluster', { clusters: [{ name: '*' }] }, /'\*' is no name of a cluster/],
  ['clusters by pattern', { clusters: [{ name: 'prod-*' }] }, /'prod-\*' is no name of a cluster/],
])('access for %s is refused', (_, changes, words) => {
  expect(() => build(changes)).toThrow(ClusterAccessRefused);
  expect(() => build(changes)).toThrow(words);
});

describe('the app for accounts that only have clusters', () => {
  const clusterAccounts = [
    {
      account: '222222222222',
      externalId: 'f3a9c1d2-2',
      clusters: [
        { name: 'prod-eu', region: 'eu-west-1' },
        { name: 'prod-eu-2', region: 'eu-west-1', accessEntry: false },
        { name: 'prod-us', region: 'us-east-1' },
      ],
    },
    { account: '333333333333', externalId: 'f3a9c1d2-3' },
  ];
  const config = testConfig({ clusterAccounts, deployers: { default: {}, private: {} } });
  const app: App = clusterAccountApp(() => config);
  const assembly = app.synth();
  const stacks = new Map(
    app.node.children.filter((child) => child instanceof Stack).map((stack) => [stack.stackName, stack]),
  );
  const typesOf = (name: string) => {
    const stack = stacks.get(name);
    if (stack === undefined) throw new Error(`there is no stack ${name}`);
    const resources: Record<string, { Type: string; Properties: Record<string, unknown> }> =
      Template.fromStack(stack).toJSON()['Resources'];
    return Object.values(resources).filter(({ Type }) => Type !== 'AWS::CDK::Metadata');
  };

  test('has a stack for each region of each account, and no finding of cdk-nag', () => {
    expect(
      assembly.stacks
        .toSorted((a, b) => (a.stackName < b.stackName ? -1 : 1))
        .map(({ stackName, environment }) => [stackName, environment.account, environment.region]),
    ).toEqual([
      ['fairlead-cluster-access-222222222222-eu-west-1', '222222222222', 'eu-west-1'],
      ['fairlead-cluster-access-222222222222-us-east-1', '222222222222', 'us-east-1'],
      ['fairlead-cluster-access-333333333333-eu-north-1', '333333333333', 'eu-north-1'],
    ]);
  });

  test('makes one role an account, which every deployer may assume', () => {
    const [role, ...others] = typesOf('fairlead-cluster-access-222222222222-eu-west-1');
    const trust = role?.Properties['AssumeRolePolicyDocument'] as { Statement: { Principal: { AWS: string } }[] };
    expect(trust.Statement.flatMap(({ Principal }) => Principal.AWS)).toEqual([
      'arn:aws:iam::123456789012:role/fairlead-deployer',
      'arn:aws:iam::123456789012:role/fairlead-deployer-private',
    ]);
    expect(others.map(({ Type }) => Type)).toEqual(['AWS::IAM::Policy', 'AWS::EKS::AccessEntry']);
    expect(typesOf('fairlead-cluster-access-333333333333-eu-north-1').map(({ Type }) => Type)).toEqual([
      'AWS::IAM::Role',
    ]);
  });

  test('makes the entries of another region for the same role, and after it', () => {
    expect(typesOf('fairlead-cluster-access-222222222222-us-east-1')).toEqual([
      expect.objectContaining({
        Type: 'AWS::EKS::AccessEntry',
        Properties: expect.objectContaining({
          ClusterName: 'prod-us',
          PrincipalArn: 'arn:aws:iam::222222222222:role/fairlead-cluster-access',
        }),
      }),
    ]);
    const us = assembly.stacks.find(({ stackName }) => stackName.endsWith('us-east-1'));
    expect(us?.dependencies.map(({ id }) => id)).toContain('fairlead-cluster-access-222222222222-eu-west-1');
  });
});
