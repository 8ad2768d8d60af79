/** The CodeBuild project of each deployer, and what its builds may do. */
import { describe, expect, test } from 'vitest';
import { BUILDSPEC } from '../../../lib/constructs/build-project.ts';
import {
  aVpc,
  linesOf,
  ofType,
  projectsOf,
  type Resource,
  rightsOf,
  shown,
  synthesise,
  testConfig,
} from '../../support/synth.ts';

const built = synthesise(
  testConfig({
    deployers: {
      default: {},
      'private-eu': { vpc: aVpc },
      slow: { kind: 'codebuild' },
      quick: { builds: false },
      brief: { timeoutMinutes: 5 },
    },
  }),
);
const { resources, idOf } = built;
const path = (name: string) => (name === 'default' ? 'Deployments/Deployer' : `Deployments/Deployer-${name}`);
const projectOf = (name: string) => resources[idOf(`${path(name)}/Builds/Project`)] as Resource;
const roleOf = (name: string) => resources[idOf(`${path(name)}/DeployRelease/Role/Resource`)] as Resource;
const variablesOf = (name: string) =>
  Object.fromEntries(
    projectOf(name).Properties.Environment.EnvironmentVariables.map((v: { Name: string; Value: unknown }) => [
      v.Name,
      v.Value,
    ]),
  );
const ARN = 'arn:aws:codebuild:eu-north-1:123456789012:project/';

test('every deployer has one, unless it wants none', () => {
  expect(projectsOf(built).toSorted()).toEqual(
    ['', '-brief', '-private-eu', '-slow'].map((end) => `fairlead-deployer${end}`),
  );
});

describe('a project', () => {
  const { Properties, DependsOn } = projectOf('default');

  test('runs the bundle of the function, with helm of its layer beside it', () => {
    expect(JSON.parse(Properties.Source.BuildSpec)).toEqual(BUILDSPEC);
    expect(BUILDSPEC.phases.build.commands).toEqual(['node build.mjs']);
    expect(Properties.Source.Type).toBe('S3');
    expect(Properties.SecondarySources).toMatchObject([{ Type: 'S3', SourceIdentifier: 'helm' }]);
    expect(shown(Properties.SecondarySources[0].Location)).toMatch(/\/[0-9a-f]{64}\.zip$/);
  });

  test('works under the role that clusters know, which is there with its rights before it', () => {
    const role = idOf(`${path('default')}/DeployRelease/Role/Resource`);
    expect(Properties.ServiceRole['Fn::GetAtt'][0]).toBe(role);
    expect(roleOf('default').Properties.RoleName).toBe('fairlead-deployer');
    expect(DependsOn).toEqual(
      expect.arrayContaining([role, idOf(`${path('default')}/DeployRelease/Role/DefaultPolicy/Resource`)]),
    );
  });

  test('has an end, no privileges and no retries of CodeBuild’s own', () => {
    expect(Properties).toMatchObject({
      TimeoutInMinutes: 80,
      QueuedTimeoutInMinutes: 30,
      AutoRetryLimit: 0,
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: { ComputeType: 'BUILD_GENERAL1_SMALL', PrivilegedMode: false },
    });
    expect(shown(Properties.EncryptionKey)).toMatch(/:alias\/aws\/s3$/);
  });

  test('ends before the machine loses its patience', () => {
    const machine = 9000;
    expect(60 * (Properties.TimeoutInMinutes + Properties.QueuedTimeoutInMinutes)).toBeLessThan(machine);
  });

  test('is told what the function is told, and how long it has', () => {
    const {
      HELM_PATH: _,
      BUILDS,
      NODE_OPTIONS: __,
      ...told
    } = resources[idOf(`${path('default')}/DeployRelease/Function/Resource`)]?.Properties.Environment.Variables ?? {};
    expect(BUILDS).toBe('true');
    expect(variablesOf('default')).toEqual({ ...told, BUILD_MINUTES: '80' });
  });

  test('logs where logs end', () => {
    const { GroupName } = Properties.LogsConfig.CloudWatchLogs;
    expect(resources[GroupName.Ref]?.Properties.RetentionInDays).toBe(90);
  });

  test('has an alarm on builds that fail', () => {
    const alarms = ofType(built, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties: p }) => p.MetricName === 'FailedBuilds',
    );
    expect(alarms.map(({ Properties: p }) => p.Dimensions[0].Value).toSorted()).toEqual(projectsOf(built).toSorted());
  });
});

describe('the role', () => {
  const trusts = (name: string) =>
    roleOf(name).Properties.AssumeRolePolicyDocument.Statement.map(
      ({ Principal, Condition }: { Principal: { Service: string }; Condition?: unknown }) => [
        Principal.Service,
        Condition && shown((Condition as { StringEquals: Record<string, unknown> }).StringEquals['aws:SourceArn']),
      ],
    );

  test('is taken on by Lambda, and by CodeBuild for its own project', () => {
    expect(trusts('slow')).toEqual([
      ['lambda.amazonaws.com', undefined],
      ['codebuild.amazonaws.com', `${ARN}fairlead-deployer-slow`],
    ]);
  });

  test('of a deployer without builds is Lambda’s alone, and charts with post-hooks stay in its function', () => {
    expect(trusts('quick')).toEqual([['lambda.amazonaws.com', undefined]]);
    const { Variables } =
      resources[idOf(`${path('quick')}/DeployRelease/Function/Resource`)]?.Properties.Environment ?? {};
    expect(Variables.BUILDS).toBe('false');
  });

  test('may read exactly its two sources and write its builds’ logs, beside what the function may', () => {
    const lines = (name: string) => linesOf(rightsOf(built, idOf(`${path(name)}/DeployRelease/Role/Resource`)));
    const more = lines('default').filter(
      (line) => !lines('quick').includes(line) && !line.includes('DeployReleaseLogs'),
    );
    const kinds = more.map((line) => line.replace(/[0-9a-f]{64}/g, 'HASH').replace(/<\w+BuildsLogs\w+\.Arn>/, 'logs'));
    const bucket = 'arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-north-1';
    expect([...new Set(kinds)]).toEqual([
      'logs:CreateLogStream logs',
      'logs:PutLogEvents logs',
      `s3:GetBucketAcl ${bucket}`,
      `s3:GetBucketLocation ${bucket}`,
      `s3:GetObject ${bucket}/HASH.zip`,
      `s3:GetObjectVersion ${bucket}/HASH.zip`,
    ]);
    expect(more.filter((line) => line.startsWith('s3:GetObject '))).toHaveLength(2);
  });
});

describe('a project in a VPC', () => {
  test('is in the subnets and groups of its deployer', () => {
    expect(projectOf('private-eu').Properties.VpcConfig).toEqual({
      VpcId: aVpc.vpcId,
      Subnets: aVpc.subnetIds,
      SecurityGroupIds: aVpc.securityGroupIds,
    });
    expect(projectOf('default').Properties.VpcConfig).toBeUndefined();
  });

  test('may have interfaces handed to CodeBuild, in these subnets only', () => {
    const role = idOf(`${path('private-eu')}/DeployRelease/Role/Resource`);
    const statements = ofType(built, 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const hands = statements.find(({ Action }) => Action === 'ec2:CreateNetworkInterfacePermission');
    expect(hands.Condition.StringEquals).toEqual({ 'ec2:AuthorizedService': 'codebuild.amazonaws.com' });
    expect(hands.Condition.ArnEquals['ec2:Subnet'].map(shown)).toEqual(
      aVpc.subnetIds.map((id) => `arn:aws:ec2:eu-north-1:123456789012:subnet/${id}`),
    );
  });
});

test('the machine may start, stop and look at builds of these projects, and no others', () => {
  const rights = linesOf(rightsOf(built, idOf('Deployments/Deployment/Role/Resource'))).filter((line) =>
    line.startsWith('codebuild:'),
  );
  expect(rights).toEqual(
    ['BatchGetBuilds', 'StartBuild', 'StopBuild'].flatMap((action) =>
      projectsOf(built)
        .map((name) => `codebuild:${action} ${ARN}${name}`)
        .toSorted(),
    ),
  );
});

test('nobody else may start a build or change a project: who may is the deployer', () => {
  const holders = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role']
    .flatMap((type) => ofType(built, type))
    .filter(({ Properties }) => /"(codebuild:|\*")/.test(JSON.stringify(actionsIn(Properties))))
    .flatMap(({ Properties }) => Properties.Roles ?? [Properties.RoleName]);
  expect(holders).toEqual([{ Ref: idOf('Deployments/Deployment/Role/Resource') }]);
});

/** Every action that is named anywhere in there. */
function actionsIn(properties: unknown): unknown[] {
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).flatMap(([key, value]) => (key === 'Action' ? [value] : actionsIn(value)));
}

test('Begin is told of deployers that are not as most are', () => {
  const { Variables } = resources[idOf('Deployments/BeginDeployment/Function/Resource')]?.Properties.Environment ?? {};
  expect(JSON.parse(Variables.DEPLOYER_WAYS)).toEqual({ slow: 'builds', quick: 'function', brief: 5 });
  expect(Variables.INSTALLATION).toBe('fairlead');
});

test('an installation without builds has neither projects nor rights to any', () => {
  const plain = synthesise(testConfig({ deployers: { default: { builds: false } } }));
  expect(projectsOf(plain)).toEqual([]);
  expect(JSON.stringify(plain.template.toJSON())).not.toMatch(/codebuild/i);
});
