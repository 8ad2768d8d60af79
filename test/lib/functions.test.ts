/** Every function, and what each may do. */
import { describe, expect, test } from 'vitest';
import { linesOf, ofType, type Resource, rightsOf, synthesise, testConfig } from '../support/synth.ts';
import { TABLE_RIGHTS, type TableRight } from '../support/table-rights.ts';

const built = synthesise();
const { resources, idOf } = built;
const functions = ofType(built, 'AWS::Lambda::Function');
const table = idOf('Storage/Rollouts/Table/Resource');

/** Rights of the function at `path` beside those on its own logs, with the table's name made short. */
const rights = (path: string) =>
  linesOf(rightsOf(built, idOf(`${path}/Role/Resource`)))
    .filter((line) => !line.startsWith('logs:'))
    .map((line) => line.replace(`<${table}.Arn>`, 'table'));

describe('every function', () => {
  test.each(functions.map(({ Properties }) => [Properties.Description, Properties]))(
    '%s runs as ours do',
    (_, properties) => {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON' },
        Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
      });
      expect(properties.Timeout).toBeGreaterThan(3);
    },
  );

  test('has an alias, logs that end, and a role without managed policies', () => {
    expect(ofType(built, 'AWS::Lambda::Alias')).toHaveLength(functions.length);
    for (const { Properties } of functions) {
      const logs = resources[Properties.LoggingConfig.LogGroup.Ref] as Resource;
      expect(logs.Properties.RetentionInDays).toBe(90);
      const role = resources[Properties.Role['Fn::GetAtt'][0]] as Resource;
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test('may write its own logs and no others', () => {
    for (const { Properties } of functions) {
      const logs = linesOf(rightsOf(built, Properties.Role['Fn::GetAtt'][0]))
        .filter((line) => line.startsWith('logs:'))
        // A deployer's builds have logs of their own, and its role.
        .filter((line) => !line.includes('Builds'));
      const group = Properties.LoggingConfig.LogGroup.Ref;
      expect(logs).toEqual([`logs:CreateLogStream <${group}.Arn>`, `logs:PutLogEvents <${group}.Arn>`]);
    }
  });
});

const READ = ['dynamodb:BatchGetItem table', 'dynamodb:GetItem table', 'dynamodb:Query table'];
const WRITE = [
  'dynamodb:BatchGetItem table',
  'dynamodb:ConditionCheckItem table',
  'dynamodb:GetItem table',
  'dynamodb:PutItem table',
  'dynamodb:Query table',
];
const ACTIONS: Readonly<Record<TableRight, readonly string[]>> = {
  none: [],
  read: READ,
  write: WRITE,
  delete: [...WRITE, 'dynamodb:DeleteItem table'].sort(),
};
const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[];

describe('on the table', () => {
  const onTable = (path: string) =>
    rights(path).filter((line) => line.startsWith('dynamodb:') && line.endsWith(' table'));

  const PATHS: Readonly<Record<keyof typeof TABLE_RIGHTS, string>> = {
    'answer-request': 'Front/AnswerRequest',
    'plan-rollout': 'Rollouts/PlanRollout',
    'decide-next': 'Rollouts/DecideNext',
    'store-wait': 'Rollouts/StoreWait',
    'finish-rollout': 'Rollouts/FinishRollout',
    'begin-deployment': 'Deployments/BeginDeployment',
    'finish-deployment': 'Deployments/FinishDeployment',
    'deploy-release': 'Deployments/Deployer/DeployRelease',
    'sweep-rollouts': 'Wakers/SweepRollouts',
    'wake-rollout': 'Wakers/WakeRollout/Reader',
    'start-rollout': 'Wakers/StartRollout/Reader',
    'note-change': 'ValuesChanges/NoteChange',
    'roll-out-values': 'ValuesChanges/RollOutValues',
  };

  test.each(keysOf(PATHS))('%s may do what it does, and the protocol in memory no more', (name) => {
    expect(onTable(PATHS[name])).toEqual(ACTIONS[TABLE_RIGHTS[name]]);
  });

  test('lists go over one index each', () => {
    expect(rights('Wakers/SweepRollouts')).toContain('dynamodb:Query table/index/open');
    expect(rights('Front/AnswerRequest')).toContain('dynamodb:Query table/index/byPackage');
  });
});

describe('beside the table', () => {
  const others = (path: string) =>
    rights(path)
      .filter((line) => !line.startsWith('dynamodb:'))
      .map((line) => line.replace(/<AWS::Partition>/g, 'aws').replace(/<Storage(\w+?)Bucket\w+\.Arn>/, 'bucket $1'));

  test('plan-rollout reads value layers, never secrets, pulls charts and keeps the plan', () => {
    expect(others('Rollouts/PlanRollout')).toEqual([
      'ecr:BatchCheckLayerAvailability arn:aws:ecr:eu-north-1:123456789012:repository/charts/*',
      'ecr:BatchGetImage arn:aws:ecr:eu-north-1:123456789012:repository/charts/*',
      'ecr:GetAuthorizationToken *',
      'ecr:GetDownloadUrlForLayer arn:aws:ecr:eu-north-1:123456789012:repository/charts/*',
      'kms:Decrypt *',
      's3:GetObject bucket Charts/*',
      's3:GetObject bucket Plans/charts/*',
      's3:GetObject bucket Plans/plans/*',
      's3:GetObject bucket Plans/rollouts/*',
      's3:GetObject bucket Values/*',
      's3:GetObjectVersion bucket Values/*',
      's3:ListBucket bucket Charts',
      's3:ListBucket bucket Plans',
      's3:ListBucket bucket Values',
      's3:PutObject bucket Plans/charts/*',
      's3:PutObject bucket Plans/plans/*',
      's3:PutObject bucket Plans/rollouts/*',
      expect.stringMatching(/^secretsmanager:GetSecretValue <StorageDigestKeySecret[0-9A-F]{8}>$/),
      expect.stringMatching(/^sqs:GetQueueAttributes <PlansEndedDeadQueue/),
      expect.stringMatching(/^sqs:GetQueueUrl <PlansEndedDeadQueue/),
      expect.stringMatching(/^sqs:SendMessage <PlansEndedDeadQueue/),
      'ssm:GetParameters arn:aws:ssm:eu-north-1:123456789012:parameter/*-environment-secret.*',
      'ssm:GetParameters arn:aws:ssm:eu-north-1:123456789012:parameter/*-service-helm-secrets*',
      'ssm:GetParameters arn:aws:ssm:eu-north-1:123456789012:parameter/*-service-helm-values*',
    ]);
  });

  const LAYERS = 'arn:aws:ssm:eu-north-1:123456789012:parameter/*-service-helm-values*';
  const SECRETS = ['*-environment-secret.*', '*-service-helm-secrets*'].map(
    (name) => `arn:aws:ssm:eu-north-1:123456789012:parameter/${name}`,
  );
  /** What the role may never do, whatever else allows it. */
  const denied = (path: string) =>
    ofType(built, 'AWS::IAM::Policy')
      .filter(({ Properties }) =>
        Properties.Roles?.some((role: { Ref: string }) => role.Ref === idOf(`${path}/Role/Resource`)),
      )
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Effect, Action }) => (Effect === 'Deny' ? [Action].flat() : []));
  /** Beside the queue of calls that never went through. */
  const allowed = (path: string) =>
    others(path).filter((line) => !line.startsWith('sqs:') && !denied(path).some((deny) => line === `${deny} *`));

  test('note-change sees who changed layers, and decrypts none', () => {
    const history = [...SECRETS, LAYERS].map((arn) => `ssm:GetParameterHistory ${arn}`);
    expect(allowed('ValuesChanges/NoteChange')).toEqual(history.toSorted());
    expect(denied('ValuesChanges/NoteChange')).toContain('kms:Decrypt');
  });

  test('roll-out-values reads layers, the ciphertexts of secrets, and the key of the digests, and decrypts none', () => {
    const reads = [...SECRETS, LAYERS].flatMap((arn) => [`ssm:GetParameterHistory ${arn}`, `ssm:GetParameters ${arn}`]);
    expect(allowed('ValuesChanges/RollOutValues')).toEqual([
      expect.stringMatching(/^secretsmanager:GetSecretValue <StorageDigestKeySecret[0-9A-F]{8}>$/),
      ...reads.toSorted(),
    ]);
    expect(denied('ValuesChanges/RollOutValues')).toContain('kms:Decrypt');
  });

  test('EventBridge tells of layers that were made, changed or deleted, and of nothing else', () => {
    const rule = ofType(built, 'AWS::Events::Rule').find(({ Properties }) =>
      Properties.EventPattern?.source?.includes('aws.ssm'),
    );
    expect(rule?.Properties.EventPattern).toEqual({
      source: ['aws.ssm'],
      'detail-type': ['Parameter Store Change'],
      detail: {
        name: [{ wildcard: '*-service-helm-values*' }, { wildcard: '*-service-helm-secrets*' }],
        operation: ['Create', 'Update', 'Delete'],
      },
    });
  });

  test('the deployer reads plans, writes evidence, and describes clusters', () => {
    const lines = others('Deployments/Deployer/DeployRelease');
    expect(lines).toContain('eks:DescribeCluster arn:aws:eks:*:123456789012:cluster/*');
    expect(lines).toContain('s3:PutObject bucket Evidence/*');
    expect(lines.filter((line) => line.startsWith('s3:PutObject bucket Plans'))).toEqual([
      's3:PutObject bucket Plans/plans/*/environments/*',
    ]);
    expect(lines.filter((line) => /^(sts|ssm|kms|states):/.test(line))).toEqual([
      'sts:AssumeRole arn:aws:iam::123456789012:role/fairlead-secrets',
    ]);
  });

  test.each([
    ['Wakers/StartRollout/Reader', 'states:StartExecution', ['Plans/Plan', 'Rollouts/Rollout']],
    ['Wakers/WakeRollout/Reader', 'states:SendTaskSuccess', ['Rollouts/Rollout']],
  ])('%s reaches machines by %s only: %j', (path, action, machines) => {
    const lines = machines.map((machine) => `${action} <${idOf(`${machine}/Machine/Resource`)}>`);
    expect(others(path).filter((line) => line.startsWith('states:'))).toEqual(lines);
  });

  test('the sweeper wakes rollouts, asks how executions are, and starts none', () => {
    const machine = (kind: string) => `<${idOf(`${kind}/Machine/Resource`)}>`;
    const states = others('Wakers/SweepRollouts').filter((line) => line.startsWith('states:'));
    expect(states.filter((line) => !line.startsWith('states:DescribeExecution '))).toEqual([
      `states:SendTaskSuccess ${machine('Rollouts/Rollout')}`,
    ]);
    expect(states).toHaveLength(3);
  });

  test('store-wait may answer the machine that calls it, which it knows by name', () => {
    expect(others('Rollouts/StoreWait')).toEqual([
      'states:SendTaskSuccess arn:aws:states:eu-north-1:123456789012:stateMachine:fairlead-rollout',
    ]);
    expect(resources[idOf('Rollouts/Rollout/Machine/Resource')]?.Properties.StateMachineName).toBe('fairlead-rollout');
  });

  test('the API reads evidence and the settings of sources and of self-service, asks planner and deployers to look, and writes secrets that it cannot read', () => {
    expect(others('Front/AnswerRequest')).toEqual([
      // A denial.
      'kms:Decrypt *',
      expect.stringMatching(/^lambda:InvokeFunction <DeploymentsDeployerDeployReleaseFunctionAliaslive\w+>$/),
      expect.stringMatching(/^lambda:InvokeFunction <RolloutsPlanRolloutFunctionAliaslive\w+>$/),
      's3:GetObject bucket Evidence/*',
      's3:GetObject bucket Plans/plans/*',
      's3:ListBucket bucket Evidence',
      's3:ListBucket bucket Plans',
      'ssm:GetParameter arn:aws:ssm:eu-north-1:123456789012:parameter/fairlead/self-service',
      'ssm:GetParameter arn:aws:ssm:eu-north-1:123456789012:parameter/fairlead/sources/*',
      'ssm:PutParameter arn:aws:ssm:eu-north-1:123456789012:parameter/*-environment-secret.*',
    ]);
    expect(denied('Front/AnswerRequest')).toEqual(['kms:Decrypt']);
  });
});

describe('the deployer', () => {
  const deployer = resources[idOf('Deployments/Deployer/DeployRelease/Function/Resource')]?.Properties;

  test('runs on x86-64 with the kubectl layer, under the role name that clusters map', () => {
    expect(deployer).toMatchObject({ Architectures: ['x86_64'], Timeout: 900, MemorySize: 1024 });
    expect(deployer.Layers).toHaveLength(1);
    expect(deployer.Environment.Variables.HELM_PATH).toBe('/opt/helm/helm');
    expect(resources[deployer.Role['Fn::GetAtt'][0]]?.Properties.RoleName).toBe('fairlead-deployer');
  });

  test('of a local stack finds helm where it is told, since layers are not mounted there', () => {
    const local = synthesise(testConfig({ disposable: true }), { local: true, helmPath: '/tools/helm' });
    const properties = local.resources[local.idOf('Deployments/Deployer/DeployRelease/Function/Resource')]?.Properties;
    expect(properties.Layers).toBeUndefined();
    expect(properties.Environment.Variables.HELM_PATH).toBe('/tools/helm');
  });
});
