/** Several deployers, in VPCs or not, and what they may do in other accounts. */
import { describe, expect, test } from 'vitest';
import {
  aVpc,
  deployersOf,
  linesOf,
  ofType,
  type Resource,
  rightsOf,
  synthesise,
  testConfig,
} from '../support/synth.ts';

const ACCOUNTS = [
  { account: '222222222222', externalId: 'f3a9c1d2-2' },
  { account: '333333333333', externalId: 'f3a9c1d2-3' },
];
const built = synthesise(
  testConfig({ deployers: { default: {}, 'private-eu': { memoryMb: 2048, vpc: aVpc } }, clusterAccounts: ACCOUNTS }),
);
const { resources, idOf } = built;
const PATHS = { default: 'Deployments/Deployer', 'private-eu': 'Deployments/Deployer-private-eu' };
const functionOf = (path: string) => resources[idOf(`${path}/DeployRelease/Function/Resource`)] as Resource;
const policyOf = (path: string) => {
  const role = idOf(`${path}/DeployRelease/Role/Resource`);
  return ofType(built, 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
};

describe('each deployer', () => {
  test.each([
    ['default', 'fairlead-deployer', 1024],
    ['private-eu', 'fairlead-deployer-private-eu', 2048],
  ] as const)('%s has a function and a role of its own, %s', (name, role, MemorySize) => {
    expect(functionOf(PATHS[name]).Properties).toMatchObject({ MemorySize, Timeout: 900, Architectures: ['x86_64'] });
    expect(resources[idOf(`${PATHS[name]}/DeployRelease/Role/Resource`)]?.Properties.RoleName).toBe(role);
  });

  test('may do the same as the others, beside what a network asks for', () => {
    const rights = (path: string) =>
      linesOf(rightsOf(built, idOf(`${path}/DeployRelease/Role/Resource`))).filter(
        (line) => !/^(logs|ec2):/.test(line),
      );
    expect(rights(PATHS['private-eu'])).toEqual(rights(PATHS.default));
  });

  test('is one that the machine may be sent to, by its alias', () => {
    const aliases = Object.values(PATHS).map(
      (path) => `<${idOf(`${path}/DeployRelease/Function/Aliaslive/Resource`)}>`,
    );
    expect(deployersOf(built)).toEqual(aliases);
    const invoked = linesOf(rightsOf(built, idOf('Deployments/Deployment/Role/Resource')))
      .filter((line) => line.startsWith('lambda:'))
      .map((line) => line.split(' ')[1]);
    expect(invoked).toEqual(expect.arrayContaining(aliases));
    expect(invoked).toHaveLength(aliases.length + 2);
  });

  test('has its role among the outputs, for clusters to map', () => {
    const outputs = built.template.toJSON()['Outputs'];
    expect(Object.keys(outputs).filter((name) => name.startsWith('DeployerRoleArn'))).toEqual([
      'DeployerRoleArn',
      'DeployerRoleArnPrivateEu',
    ]);
  });

  test('is known to the API, which refuses environments that ask for another', () => {
    const { Variables } = resources[idOf('Front/AnswerRequest/Function/Resource')]?.Properties.Environment ?? {};
    expect(Variables.DEPLOYERS).toBe('default,private-eu');
  });

  test('has an alarm', () => {
    const watched = ofType(built, 'AWS::CloudWatch::Alarm').flatMap(({ Properties }) =>
      (Properties.Dimensions ?? []).map(({ Value }: { Value: { Ref?: string } }) => Value.Ref),
    );
    for (const path of Object.values(PATHS)) {
      expect(watched).toContain(idOf(`${path}/DeployRelease/Function/Resource`));
    }
  });
});

describe('a deployer in a VPC', () => {
  test('is in the subnets and groups that are named; nothing is made or looked up', () => {
    expect(functionOf(PATHS['private-eu']).Properties.VpcConfig).toEqual({
      SubnetIds: aVpc.subnetIds,
      SecurityGroupIds: aVpc.securityGroupIds,
    });
    expect(typesOfEc2(resources)).toEqual([]);
  });

  test('is attached by Lambda; its own code is denied the same rights', () => {
    const statements = policyOf(PATHS['private-eu']).filter(({ Sid }) => /^(LambdaAttaches|NobodyElse)$/.test(Sid));
    expect(statements.map(({ Effect, Resource }) => [Effect, Resource])).toEqual([
      ['Allow', '*'],
      ['Deny', '*'],
    ]);
    const [allowed, denied] = statements;
    expect(denied.Action).toEqual(allowed.Action);
    expect(JSON.stringify(denied.Condition)).toMatch(/^\{"ArnLike":\{"lambda:SourceFunctionArn":.*:function:\*/);
  });

  test('is the only one: without a vpc there is neither right nor setting', () => {
    expect(functionOf(PATHS.default).Properties.VpcConfig).toBeUndefined();
    expect(policyOf(PATHS.default).filter(({ Action }) => String(Action).includes('ec2:'))).toEqual([]);
    const plain = synthesise();
    expect(JSON.stringify(plain.template.toJSON())).not.toMatch(/ec2:|VpcConfig/);
    expect(typesOfEc2(plain.resources)).toEqual([]);
  });

  function typesOfEc2(all: Readonly<Record<string, Resource>>): readonly string[] {
    return Object.values(all)
      .map(({ Type }) => Type)
      .filter((type) => type.startsWith('AWS::EC2::'));
  }
});

describe('clusters of other accounts', () => {
  test.each(Object.values(PATHS))('%s may assume exactly the role of each account, with its external id', (path) => {
    const assumes = policyOf(path).filter(
      ({ Action, Resource }) =>
        String(Action).startsWith('sts:') && !String(Resource).endsWith(':role/fairlead-secrets'),
    );
    expect(assumes).toEqual(
      ACCOUNTS.map(({ account, externalId }) => ({
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: `arn:aws:iam::${account}:role/fairlead-cluster-access`,
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      })),
    );
  });

  test('are told to the function', () => {
    const { ACCOUNT, EXTERNAL_IDS } = functionOf(PATHS.default).Properties.Environment.Variables;
    expect(ACCOUNT).toBe('123456789012');
    expect(JSON.parse(EXTERNAL_IDS)).toEqual({ '222222222222': 'f3a9c1d2-2', '333333333333': 'f3a9c1d2-3' });
  });

  test('need nothing when there are none', () => {
    expect(JSON.stringify(synthesise().template.toJSON())).not.toContain('sts:ExternalId');
  });
});
