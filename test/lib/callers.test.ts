/** Who may call what: the roles of workflows, operators and readers, as the template has them. */
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../contracts/api/routes.ts';
import { TrustTooWide } from '../../lib/constructs/github-trust.ts';
import { SourceRole } from '../../lib/constructs/source-role.ts';
import {
  linesOf,
  ofType,
  type Resource,
  rightsOf,
  shown,
  synthesise,
  synthesiseOnly,
  testConfig,
} from '../support/synth.ts';

const built = synthesise();
const role = (path: string) => built.resources[built.idOf(`People/${path}/Role/Resource`)] as Resource;
const rights = (path: string) => linesOf(rightsOf(built, built.idOf(`People/${path}/Role/Resource`)));
const namesOf = (synthesised: typeof built) =>
  ofType(synthesised, 'AWS::IAM::Role').map(({ Properties }) => Properties.RoleName);
/** `GET /packages/webui` for each call that the role may make. */
const calls = (path: string) =>
  rights(path)
    .filter((line) => line.startsWith('execute-api:'))
    .map((line) => line.replace(/^.*>\/v1\/([A-Z]+)\//, '$1 /'));

describe('a source role', () => {
  test('starts, follows, aborts and speaks at the gates of rollouts of its own packages, claims those, and can do nothing else', () => {
    const of = (name: string) => [
      `GET /packages/${name}`,
      `GET /packages/${name}/*`,
      `POST /packages/${name}/plans`,
      `POST /packages/${name}/rollouts`,
      `POST /packages/${name}/rollouts/*/abort`,
      `POST /packages/${name}/rollouts/*/retry`,
      `PUT /packages/${name}/claim`,
      `PUT /packages/${name}/rollouts/*/stages/*/approval`,
      `PUT /packages/${name}/rollouts/*/statuses/*`,
    ];
    expect(calls('Source-webui').toSorted()).toEqual([...of('webui'), ...of('webui-admin')].toSorted());
    expect(rights('Source-webui')).toHaveLength(2 * of('webui').length);
  });

  test('reads everything below its packages, and there is nothing else', () => {
    const below = ROUTES.filter(({ method, path }) => method === 'GET' && path.startsWith('/packages/{package}/'));
    expect(below.length).toBeGreaterThan(3);
    expect(below.filter(({ who }) => !who.includes('source'))).toEqual([]);
  });

  test('may be for as many packages as a source can have: no policy is longer than IAM takes', () => {
    const packages = Array.from(
      { length: 40 },
      (_, i) => `a-package-with-the-longest-of-names-${String(i).padStart(4, '0')}`,
    );
    const source = {
      name: 'many',
      repository: 'acme/many',
      ownerId: '1',
      repositoryId: '3',
      refs: ['refs/heads/main'],
    };
    const many = synthesise(testConfig({ sources: [{ ...source, packages }] }));
    const id = many.idOf('People/Source-many/Role/Resource');
    const lengths = (type: string) =>
      ofType(many, type)
        .filter(({ Properties }) => Properties.Roles?.some((role: { Ref: string }) => role.Ref === id))
        .map(
          ({ Properties }) =>
            JSON.stringify(Properties.PolicyDocument, (_, value) => (value?.['Fn::Join'] ? shown(value) : value))
              .length,
        );
    expect(Math.max(...lengths('AWS::IAM::Policy'))).toBeLessThan(10_240);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: ten managed policies a role, of 6,144 characters
    expect(lengths('AWS::IAM::ManagedPolicy').length).toBeLessThanOrEqual(10);
    expect(Math.max(...lengths('AWS::IAM::ManagedPolicy'))).toBeLessThan(6144);
    expect(
      linesOf(rightsOf(many, id)).filter((line) =>
        line.endsWith('POST/packages/a-package-with-the-longest-of-names-0039/rollouts'),
      ),
    ).toHaveLength(1);
  });

  test('is named after its source, and its sessions end within the hour', () => {
    expect(role('Source-webui').Properties).toMatchObject({
      RoleName: 'fairlead-source-webui',
      MaxSessionDuration: 3600,
    });
  });

  test('trusts the jobs of its repository on its ref, by the provider that the account has', () => {
    expect(role('Source-webui').Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Sid: 'Refs',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': [
              'repo:acme/webui:ref:refs/heads/main',
              'repo:acme@1/webui@2:ref:refs/heads/main',
            ],
            'token.actions.githubusercontent.com:repository_id': '2',
            'token.actions.githubusercontent.com:repository_owner_id': '1',
          },
        },
      },
    ]);
  });

  test('is refused at synthesis when its trust would let others in', () => {
    const [source] = testConfig().sources;
    const make = () =>
      synthesiseOnly((stack) => {
        const provider = OidcProviderNative.fromOidcProviderArn(
          stack,
          'Github',
          'arn:aws:iam::123456789012:oidc-provider/x',
        );
        const api = { arnOf: () => 'arn:aws:execute-api:eu-north-1:123456789012:x/v1/GET/' };
        const conditions = { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } };
        new SourceRole(stack, 'Wide', {
          installation: 'x',
          source,
          provider,
          routes: [],
          api,
          trust: [{ sid: 'Wide', conditions }],
        } as never);
      });
    expect(make).toThrow(TrustTooWide);
  });
});

describe('an operator', () => {
  test('may make every call', () => {
    expect(calls('Operator').toSorted()).toEqual([
      'DELETE /environments/*',
      'DELETE /freezes/*',
      'DELETE /packages/*',
      'GET /audit',
      'GET /environments',
      'GET /environments/*',
      'GET /freezes',
      'GET /freezes/*',
      'GET /installation',
      'GET /packages',
      'GET /packages/*',
      'GET /rollouts',
      'GET /values-changes',
      'POST /environments/*/packages/*/lift',
      'POST /environments/*/packages/*/recovery',
      'POST /packages/*/plans',
      'POST /packages/*/rollbacks',
      'POST /packages/*/rollouts',
      'POST /packages/*/rollouts/*/abort',
      'POST /packages/*/rollouts/*/retry',
      'POST /packages/*/values-rollouts',
      'PUT /environments/*',
      'PUT /freezes/*',
      'PUT /packages/*',
    ]);
  });

  test('edits value layers, writes secrets without ever reading them; pushes charts; watches and stops executions', () => {
    const lines = rights('Operator').join('\n');
    expect(lines).toMatch(/ssm:PutParameter arn:\S+:parameter\/\*-service-helm-values\*/);
    expect(lines).not.toMatch(/secretsmanager/);
    const ofSecrets = rights('Operator').filter((line) => line.includes('service-helm-secrets'));
    expect(ofSecrets).toContainEqual(expect.stringMatching(/^ssm:PutParameter /));
    expect(JSON.stringify(built.resources)).toContain('NeverDecrypts');
    expect(lines).toMatch(/ecr:PutImage \S+:repository\/charts\/\*/);
    expect(lines).toMatch(/states:StopExecution \S+:execution:.*:\*/);
  });

  test('keeps to the path of values that fairlead.yaml names', () => {
    const other = synthesise(testConfig({ values: { prefix: '/helm/' } }));
    const lines = linesOf(rightsOf(other, other.idOf('People/Operator/Role/Resource'))).join('\n');
    expect(lines).toMatch(/ssm:PutParameter \S+:parameter\/helm\/\*-service-helm-values\*/);
  });
});

describe('a reader', () => {
  test('may only look', () => {
    expect(calls('Reader').toSorted()).toEqual([
      'GET /audit',
      'GET /environments',
      'GET /environments/*',
      'GET /freezes',
      'GET /freezes/*',
      'GET /installation',
      'GET /packages',
      'GET /packages/*',
      'GET /rollouts',
      'GET /values-changes',
    ]);
    // NeverDecrypts is a denial (policy-table.test.ts).
    const may = rights('Reader').filter((line) => line !== 'kms:Decrypt *');
    const verbs = new Set(may.map((line) => /^\w[\w-]*:([A-Z][a-z]+)/.exec(line)?.[1]));
    expect([...verbs].toSorted()).toEqual(['Batch', 'Describe', 'Get', 'Invoke', 'List']);
  });
});

describe('an approver', () => {
  const sre = synthesise(testConfig({ approvers: [{ name: 'sre', who: ['arn:aws:iam::123456789012:role/sre'] }] }));
  const id = sre.idOf('People/Approver-sre/Role/Resource');

  test('is named after the approvers, and let in by name', () => {
    expect(sre.resources[id]?.Properties).toMatchObject({
      RoleName: 'fairlead-approver-sre',
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:role/sre' } }],
      },
    });
    expect(namesOf(built).filter((name) => name?.includes('approver'))).toEqual([]);
  });

  test('sees what readers see, speaks at gates, and changes nothing else', () => {
    const lines = linesOf(rightsOf(sre, id));
    const own = lines
      .filter((line) => line.startsWith('execute-api:'))
      .map((line) => line.replace(/^.*>\/v1\/([A-Z]+)\//, '$1 /'));
    const reads = rights('Reader').filter((line) => !line.startsWith('execute-api:'));
    expect(lines.filter((line) => !line.startsWith('execute-api:')).toSorted()).toEqual(reads.toSorted());
    expect(own.filter((call) => !call.startsWith('GET '))).toEqual(['PUT /packages/*/rollouts/*/stages/*/approval']);
    expect(own.filter((call) => call.startsWith('GET ')).toSorted()).toEqual(calls('Reader').toSorted());
  });
});

describe('the role that all repositories share', () => {
  test('is there only where fairlead.yaml names the organisation', () => {
    expect(role('Workflows').Properties).toMatchObject({ RoleName: 'fairlead-workflows', MaxSessionDuration: 3600 });
    const without = synthesise(testConfig({ selfService: undefined }));
    expect(namesOf(without)).not.toContain('fairlead-workflows');
  });

  test('reaches the calls for workflows, of any package, and nothing else', () => {
    const open = ROUTES.filter(({ who }) => who.includes('workflow')).map(
      ({ method, path }) => [method, path] as const,
    );
    const matches = ([method, path]: readonly [string, string]) =>
      calls('Workflows').some((call) => new RegExp(`^${call.replaceAll('*', '.*')}$`).test(`${method} ${path}`));
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter((route) => !matches(route))).toEqual([]);
    expect(rights('Workflows')).toHaveLength(calls('Workflows').length);
  });
});

describe('the emergency role', () => {
  test('is there only where fairlead.yaml names who may have it', () => {
    expect(role('BreakGlass').Properties).toMatchObject({ RoleName: 'fairlead-break-glass', MaxSessionDuration: 3600 });
    const without = synthesise(testConfig({ breakGlass: undefined }));
    expect(namesOf(without)).not.toContain('fairlead-break-glass');
  });

  test('makes the calls of operators, and only looks at AWS beside', () => {
    expect(calls('BreakGlass')).toEqual(calls('Operator'));
    const others = rights('BreakGlass').filter((line) => !line.startsWith('execute-api:'));
    expect(others.length).toBeGreaterThan(0);
    for (const line of others) expect(line).toMatch(/^[a-z]+:(Describe|Get|List)[A-Z]/);
  });

  test('rings an alarm at its first call, seen in the API’s own log', () => {
    const [filter, ...more] = ofType(built, 'AWS::Logs::MetricFilter');
    expect(more).toEqual([]);
    const [stage] = ofType(built, 'AWS::ApiGateway::Stage');
    expect(filter?.Properties).toMatchObject({
      LogGroupName: { Ref: built.idOf('Front/Api/AccessLog/Resource') },
      FilterPattern: '{ $.caller = "*:assumed-role/fairlead-break-glass/*" }',
      MetricTransformations: [
        { MetricNamespace: 'Fairlead/fairlead', MetricName: 'BreakGlassCalls', MetricValue: '1' },
      ],
    });
    expect(shown(stage?.Properties.AccessLogSetting.DestinationArn)).toContain(filter?.Properties.LogGroupName.Ref);
    expect(stage?.Properties.AccessLogSetting.Format).toContain('"caller":"$context.identity.userArn"');
    const alarm = ofType(built, 'AWS::CloudWatch::Alarm').find(
      ({ Properties }) => Properties.MetricName === 'BreakGlassCalls',
    );
    expect(alarm?.Properties).toMatchObject({ Namespace: 'Fairlead/fairlead', Threshold: 1, Period: 60 });
  });

  test('on the local AWS is for whoever it names, since nothing there can show a second factor', () => {
    const who = ['arn:aws:iam::123456789012:root'];
    const local = synthesise(testConfig({ breakGlass: { who } }), { local: true, helmPath: '/usr/bin/helm' });
    const id = local.idOf('People/BreakGlass/Role/Resource');
    expect(local.resources[id]?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Sid: 'Anybody', Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: who[0] } },
    ]);
  });
});

describe('people', () => {
  const trusted = (principals: readonly string[], of: 'operators' | 'readers') => {
    const other = synthesise(testConfig({ [of]: principals }));
    const id = other.idOf(`People/${of === 'operators' ? 'Operator' : 'Reader'}/Role/Resource`);
    const statements = other.resources[id]?.Properties.AssumeRolePolicyDocument.Statement;
    return statements.flatMap(({ Principal }: { Principal: { AWS: unknown } }) => [Principal.AWS].flat());
  };

  test('are those that fairlead.yaml names', () => {
    const team = 'arn:aws:iam::123456789012:role/team';
    expect(trusted([team], 'operators')).toEqual([team]);
    expect(trusted([team, 'arn:aws:iam::123456789012:user/ada'], 'readers')).toContain(
      'arn:aws:iam::123456789012:user/ada',
    );
  });

  test('without names are whom the account itself lets assume the role', () => {
    expect(JSON.stringify(role('Operator').Properties.AssumeRolePolicyDocument)).toContain(':iam::123456789012:root');
  });
});

test('GitHub’s provider is made only on request', () => {
  expect(ofType(built, 'AWS::IAM::OIDCProvider')).toEqual([]);
  const [provider] = ofType(synthesise(testConfig({ oidcProvider: 'create' })), 'AWS::IAM::OIDCProvider');
  expect(provider?.Properties).toMatchObject({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  });
});
