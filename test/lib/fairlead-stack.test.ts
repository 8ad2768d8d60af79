/** The stack as a whole: what every part of it keeps to. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../contracts/api/routes.ts';
import { needsOf, placeholdersOf } from '../support/asl-needs.ts';
import {
  aVpc,
  deployersOf,
  linesOf,
  ofType,
  projectsOf,
  type Resource,
  rightsOf,
  shown,
  synthesise,
  testConfig,
} from '../support/synth.ts';

const ROOT = join(import.meta.dirname, '../..');
const built = synthesise();
const { resources, idOf } = built;
const FASIT_DEPLOY = { owners: [{ name: 'acme', id: '1' }] };

describe('the stack', () => {
  test('is what it was when somebody last looked', () => {
    const text = JSON.stringify(built.template.toJSON(), undefined, 1)
      .replaceAll(/[0-9a-f]{64}/g, 'HASH')
      .replaceAll(/((?:CurrentVersion|Deployment)[0-9A-F]{8})[0-9a-f]{32}/g, '$1HASH');
    expect(text).toMatchSnapshot();
  });

  test('has no finding of cdk-nag that nobody has explained; an unexplained one ends the synthesis', () => {
    const careless = (stack: Stack) => new Bucket(stack, 'Careless');
    expect(() => synthesise(testConfig(), {}, careless)).toThrow(/AwsSolutions-S10/);
  });

  test('gives every acknowledged finding a reason of more than a few words', () => {
    const source = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, 'lib', name), 'utf8'))
      .join('\n');
    const reasons = [...source.matchAll(/'AwsSolutions-[^']*':\s*'([^']+)'/g)].map(([, reason]) => String(reason));
    expect(reasons.length).toBeGreaterThan(5);
    for (const reason of reasons) expect(reason.split(' ').length, reason).toBeGreaterThan(5);
  });

  test.each([
    ['a disposable one', { disposable: true }, {}],
    ['a local one', { disposable: true }, { local: true, helmPath: '/usr/bin/helm' }],
    ['one that creates the OIDC provider', { oidcProvider: 'create' }, {}],
    ['one without sources and alarms by mail', { sources: [], alarms: {} }, {}],
    ['one without shared and emergency roles', { selfService: undefined, breakGlass: undefined }, {}],
    [
      'one with a deployer in a VPC and clusters of another account',
      {
        deployers: { default: {}, private: { vpc: aVpc } },
        clusterAccounts: [{ account: '222222222222', externalId: 'f3a9c1d2' }],
      },
      {},
    ],
    ['one that takes the place of fasit', { fasitDeploy: FASIT_DEPLOY }, {}],
    ['one with charts outside of ECR', { charts: { registry: 'oci://ghcr.io/acme/charts' } }, {}],
  ])('passes cdk-nag also as %s', (_, changes, more) => {
    expect(() => synthesise(testConfig(changes), more)).not.toThrow();
  });

  test('answers the outputs that the local stack, the demo and people rely on', () => {
    expect(Object.keys(built.template.toJSON()['Outputs'])).toEqual(
      expect.arrayContaining(
        `ApiUrl ApiId ApiStage TableName PlansBucketName EvidenceBucketName ChartsBucketName OperatorRoleArn ReaderRoleArn
         DeployerRoleArn RolloutMachineArn DeploymentMachineArn PlanMachineArn ChartRegistry SourceRoleArnWebui SourceRoleArnWorker`.split(
          /\s+/,
        ),
      ),
    );
  });

  test('is guarded against deletion unless it is disposable', () => {
    expect(built.stack.terminationProtection).toBe(true);
    expect(synthesise(testConfig({ disposable: true })).stack.terminationProtection).toBe(false);
  });
});

describe('no policy of ours', () => {
  const statements = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    ofType(built, type).flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
  );

  test('has a wildcard in an action', () => {
    const actions = statements.flatMap(({ Action }) => [Action].flat());
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action: string) => action.includes('*'))).toEqual([]);
  });

  test('is for every resource, except where AWS knows none', () => {
    const everything = statements
      .filter(({ Effect, Resource }) => Effect === 'Allow' && [Resource].flat().includes('*'))
      .flatMap(({ Action }) => [Action].flat())
      .map((action: string) => action.replace(/^(logs|xray):.*/, '$1'));
    expect([...new Set(everything)].toSorted()).toEqual([
      'ecr:GetAuthorizationToken',
      'logs',
      'ssm:DescribeParameters',
      'states:ListStateMachines',
      'xray',
    ]);
  });

  test('passes roles on or edits IAM', () => {
    const actions = statements.flatMap(({ Action }) => [Action].flat());
    const ofIam = actions.filter((action: string) => action.startsWith('iam:'));
    // `fairlead doctor` reads whom the roles of workflows trust.
    expect(ofIam.filter((action) => action !== 'iam:GetRole')).toEqual([]);
  });
});

describe('alarms', () => {
  const alarms = ofType(built, 'AWS::CloudWatch::Alarm');
  const topic = idOf('Alarms/Topic/Resource');

  test('exist for every function', () => {
    const watched = alarms.flatMap(({ Properties }) =>
      (Properties.Dimensions ?? []).map(({ Value }: { Value: { Ref?: string } }) => Value.Ref),
    );
    const functions = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(13);
    for (const [id] of functions) expect(watched, `no alarm watches ${id}`).toContain(id);
  });

  test.each(alarms.map(({ Properties }) => [String(Properties.AlarmDescription), Properties]))(
    'tell people and name a page that exists: %s',
    (text, { AlarmActions, TreatMissingData }) => {
      const [, impact = '', page = ''] = /^(.+\.) Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(text) ?? [];
      expect(impact.length).toBeGreaterThan(20);
      expect(existsSync(join(ROOT, page)), page).toBe(true);
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      expect(TreatMissingData).toBe('notBreaching');
    },
  );

  test('have all the pages there are', () => {
    const optional = ofType(synthesise(testConfig({ fasitDeploy: FASIT_DEPLOY })), 'AWS::CloudWatch::Alarm');
    const named = [...alarms, ...optional].map(
      ({ Properties }) => /runbooks\/([a-z-]+\.md)/.exec(Properties.AlarmDescription)?.[1],
    );
    // No alarm tells that somebody has to restore a table.
    const others = ['README.md', 'restore-the-table.md'];
    const pages = readdirSync(join(ROOT, 'docs/runbooks')).filter((page) => !others.includes(page));
    expect([...new Set(named)].toSorted()).toEqual(pages.toSorted());
  });
});

describe('the API', () => {
  const paths = new Map<string, string>();
  const pathOf = (id: string): string => {
    const { ParentId, PathPart } = resources[id]?.Properties ?? {};
    const parent = 'Ref' in ParentId ? pathOf(ParentId.Ref) : '';
    return `${parent}/${PathPart}`;
  };
  for (const [id, { Type }] of Object.entries(resources))
    if (Type === 'AWS::ApiGateway::Resource') paths.set(id, pathOf(id));

  test('has a method for each route of the contract, and no other', () => {
    const methods = ofType(built, 'AWS::ApiGateway::Method').map(
      ({ Properties }) => `${Properties.HttpMethod} ${paths.get(Properties.ResourceId.Ref)}`,
    );
    expect(methods.toSorted()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  test('takes signed calls only', () => {
    const kinds = ofType(built, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties.AuthorizationType);
    expect(new Set(kinds)).toEqual(new Set(['AWS_IAM']));
  });

  test('calls the alias, so that a version is taken back without touching the API', () => {
    const alias = idOf('Front/AnswerRequest/Function/Aliaslive/Resource');
    for (const { Properties } of ofType(built, 'AWS::ApiGateway::Method')) {
      expect(shown(Properties.Integration.Uri)).toContain(`<${alias}>`);
    }
  });

  test('logs who called what, is throttled, and never logs bodies', () => {
    const [stage] = ofType(built, 'AWS::ApiGateway::Stage');
    expect(JSON.parse(stage?.Properties.AccessLogSetting.Format)).toMatchObject({
      caller: '$context.identity.userArn',
    });
    expect(stage?.Properties.MethodSettings).toEqual([
      expect.objectContaining({ DataTraceEnabled: false, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }),
    ]);
  });

  test('refuses in problem details, also what the gateway refuses by itself', () => {
    const answers = ofType(built, 'AWS::ApiGateway::GatewayResponse');
    expect(answers.length).toBeGreaterThan(8);
    for (const { Properties } of answers) {
      const problem = JSON.parse(Properties.ResponseTemplates['application/json']);
      expect(String(problem.status)).toBe(Properties.StatusCode);
      expect(problem.type).toMatch(/^https:\/\/fairlead\.dev\/problems\//);
      expect(Properties.ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
    }
  });
});

const ofProject = (name: string) => `arn:aws:codebuild:eu-north-1:123456789012:project/${name}`;

describe.each([
  ['rollout', 'Rollouts/Rollout'],
  ['deployment', 'Deployments/Deployment'],
  ['plan', 'Plans/Plan'],
] as const)('the %s machine', (machine, path) => {
  const { Properties } = resources[idOf(`${path}/Machine/Resource`)] as Resource;

  test('gets a value for every placeholder of its file, and no other', () => {
    expect(Object.keys(Properties.DefinitionSubstitutions).toSorted()).toEqual(placeholdersOf(machine));
  });

  test('calls functions by their alias', () => {
    const functions = Object.entries(Properties.DefinitionSubstitutions).filter(
      ([name]) => name !== 'DeploymentMachineArn',
    );
    for (const [name, value] of functions) {
      expect(resources[(value as { Ref: string }).Ref]?.Type, name).toBe('AWS::Lambda::Alias');
    }
  });

  test('may do exactly what the states of its file need, beside logs and traces', () => {
    const { DefinitionSubstitutions } = Properties;
    const needed = needsOf(machine).flatMap((need) => {
      const [action = '', ...rest] = need.split(' ');
      const filled = rest.join(' ').replace(/\$\{(\w+)\}/, (_, name: string) => shown(DefinitionSubstitutions[name]));
      if (filled === '$project') return projectsOf(built).map((name) => `${action} ${ofProject(name)}`);
      return filled === '$deployer' ? deployersOf(built).map((alias) => `${action} ${alias}`) : [`${action} ${filled}`];
    });
    const granted = linesOf(rightsOf(built, idOf(`${path}/Role/Resource`)))
      .filter((line) => !/^(logs|xray):/.test(line))
      .map((line) => line.replace(/ \S*:rule\/(\w+)$/, ' $1').replace(/ \S*-service-helm-values\*$/, ' values'))
      .map((line) =>
        line.replace(/ \S*:execution:.*:\*$/, ` executions of <${idOf('Deployments/Deployment/Machine/Resource')}>`),
      );
    expect([...new Set(granted)].toSorted()).toEqual(needed.toSorted());
  });

  test('is trusted to Step Functions of this account only', () => {
    const role = resources[idOf(`${path}/Role/Resource`)];
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'states.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      },
    ]);
  });

  test('logs every step and no data, where the log groups of machines belong, and is traced', () => {
    expect(Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    const logs = resources[idOf(`${path}/Logs/Resource`)];
    expect(logs?.Properties.LogGroupName).toMatch(/^\/aws\/vendedlogs\/states\//);
    expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
  });

  test('is watched for executions that end without their last word', () => {
    const rules = ofType(built, 'AWS::Events::Rule').map(({ Properties: rule }) => rule.EventPattern);
    expect(rules).toContainEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [{ Ref: idOf(`${path}/Machine/Resource`) }],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    });
  });
});
