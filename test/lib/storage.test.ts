/** What outlives a call, and what reads its changes. */
import { describe, expect, test } from 'vitest';
import { ofType, type Resource, shown, synthesise, testConfig } from '../support/synth.ts';

const built = synthesise();
const { resources, idOf } = built;
const disposable = synthesise(testConfig({ disposable: true }), { local: true, helmPath: '/tools/helm' });

describe('the table', () => {
  const table = resources[idOf('Storage/Rollouts/Table/Resource')] as Resource;
  const [replica] = table.Properties.Replicas;

  test('costs nothing while nothing happens, can be taken back to any second, and is not deleted by accident', () => {
    expect(table.Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(replica.DeletionProtectionEnabled).toBe(true);
    expect(table.DeletionPolicy).toBe('Retain');
  });

  test('lets keys of idempotency go, and streams both images', () => {
    expect(table.Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(table.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });

  test('has the two indexes that lists go over', () => {
    const indexes = table.Properties.GlobalSecondaryIndexes.map(
      ({ IndexName, KeySchema }: { IndexName: string; KeySchema: { AttributeName: string }[] }) =>
        [IndexName, ...KeySchema.map(({ AttributeName }) => AttributeName)].join(' '),
    );
    expect(indexes).toEqual(['byPackage byPackage at', 'open open at']);
  });

  test('of a disposable installation goes with the stack', () => {
    const gone = disposable.resources[disposable.idOf('Storage/Rollouts/Table/Resource')] as Resource;
    expect(gone.DeletionPolicy).toBe('Delete');
    expect(gone.Properties.Replicas[0].DeletionProtectionEnabled).toBe(false);
  });
});

describe('the buckets', () => {
  test.each(['Plans', 'Evidence', 'Charts', 'Values'])(
    '%s are versioned, private, encrypted, over TLS only, and tidy',
    (name) => {
      const id = idOf(`Storage/${name}/Bucket/Resource`);
      const bucket = resources[id] as Resource;
      expect(bucket.DeletionPolicy).toBe('Retain');
      expect(bucket.Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [
            expect.objectContaining({
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              NoncurrentVersionExpiration: { NoncurrentDays: 90 },
            }),
            ...(name === 'Plans' ? [{ Prefix: 'plans/', ExpirationInDays: 90, Status: 'Enabled' }] : []),
          ],
        },
      });
      const policy = ofType(built, 'AWS::S3::BucketPolicy').find(({ Properties }) => Properties.Bucket.Ref === id);
      expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    },
  );

  test('of the local AWS take plain HTTP, which is all it speaks; so do its queues', () => {
    expect(ofType(disposable, 'AWS::S3::BucketPolicy')).toEqual([]);
    expect(JSON.stringify(ofType(disposable, 'AWS::SQS::QueuePolicy'))).not.toContain('aws:SecureTransport');
  });

  test('of a disposable installation on AWS are emptied before they go; others never are', () => {
    const sandbox = synthesise(testConfig({ disposable: true }));
    expect(ofType(sandbox, 'Custom::S3AutoDeleteObjects')).toHaveLength(4);
    expect(ofType(built, 'Custom::S3AutoDeleteObjects')).toEqual([]);
  });
});

test('the key of digests is generated, long, and kept when the stack goes', () => {
  const [secret] = ofType(built, 'AWS::SecretsManager::Secret');
  expect(secret?.Properties.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
  expect(secret?.DeletionPolicy).toBe('Retain');
});

test('each source has its settings in a parameter of its own', () => {
  const parameters = ofType(built, 'AWS::SSM::Parameter')
    .filter(({ Properties: { Name } }) => Name.startsWith('/fairlead/sources/'))
    .map(({ Properties: { Name, Value } }) => [Name, JSON.parse(Value)]);
  expect(Object.fromEntries(parameters)).toEqual({
    '/fairlead/sources/webui': { repository: 'acme/webui', packages: ['webui', 'webui-admin'] },
    '/fairlead/sources/worker': { repository: 'acme/worker', packages: ['worker'] },
  });
});

describe.each([
  [
    'StartRollout',
    [
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['run'] } } } },
      { eventName: ['INSERT'], dynamodb: { NewImage: { type: { S: ['plan'] } } } },
    ],
  ],
  [
    'WakeRollout',
    [
      { eventName: ['MODIFY'], dynamodb: { NewImage: { type: { S: ['rollout'] } } } },
      { eventName: ['MODIFY'], dynamodb: { NewImage: { type: { S: ['open'] } } } },
      { eventName: ['REMOVE'], dynamodb: { OldImage: { type: { S: ['open'] } } } },
      { eventName: ['MODIFY'], dynamodb: { NewImage: { type: { S: ['freeze'] } } } },
      { eventName: ['REMOVE'], dynamodb: { OldImage: { type: { S: ['freeze'] } } } },
    ],
  ],
])('the stream reader %s', (name, filters) => {
  const alias = idOf(`Wakers/${name}/Reader/Function/Aliaslive/Resource`);
  const retry = idOf(`Wakers/${name}/Retry/Resource`);
  const dead = idOf(`Wakers/${name}/Dead/Queue/Resource`);
  const sources = ofType(built, 'AWS::Lambda::EventSourceMapping')
    .map(({ Properties }) => Properties)
    .filter(({ FunctionName }) => JSON.stringify(FunctionName).includes(`"${alias}"`));
  const stream = sources.find(({ StartingPosition }) => StartingPosition !== undefined);
  const queue = sources.find(({ StartingPosition }) => StartingPosition === undefined);

  test('is called for its changes only', () => {
    expect(stream.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual(
      filters,
    );
  });

  test('gives up on a record after bounded tries and age, into the dead letters', () => {
    expect(stream).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
    });
    expect(shown(stream.DestinationConfig.OnFailure.Destination)).toBe(`<${dead}.Arn>`);
  });

  test('is fed by its own retry queue, whose fifth failure is a dead letter', () => {
    expect(shown(queue.EventSourceArn)).toBe(`<${retry}.Arn>`);
    expect(queue.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    const { RedrivePolicy, VisibilityTimeout } = resources[retry]?.Properties ?? {};
    expect(RedrivePolicy).toEqual({ deadLetterTargetArn: { 'Fn::GetAtt': [dead, 'Arn'] }, maxReceiveCount: 5 });
    const { Timeout } = resources[idOf(`Wakers/${name}/Reader/Function/Resource`)]?.Properties ?? {};
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
  });
});

test('every queue is spoken to over TLS only', () => {
  const queues = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
  const guarded = ofType(built, 'AWS::SQS::QueuePolicy')
    .filter(({ Properties }) => JSON.stringify(Properties).includes('{"aws:SecureTransport":"false"}'))
    .flatMap(({ Properties }) => Properties.Queues.map(({ Ref }: { Ref: string }) => Ref));
  expect(guarded.toSorted()).toEqual(queues.map(([id]) => id).toSorted());
});

describe('what EventBridge calls', () => {
  test('is called every minute, when executions end, and when values are changed', () => {
    const schedules = ofType(built, 'AWS::Events::Rule').map(({ Properties }) => Properties.ScheduleExpression);
    const minutes = schedules.filter((schedule) => schedule === 'rate(1 minute)');
    const [changes, ended] = [1, 3];
    expect(minutes).toHaveLength(2);
    expect(schedules).toHaveLength(minutes.length + ended + changes);
  });

  test('ends in dead letters, whether the call or the function failed', () => {
    const queues = ofType(built, 'AWS::Events::Rule').map(({ Properties }) =>
      shown(Properties.Targets[0].DeadLetterConfig.Arn),
    );
    const failures = ofType(built, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) =>
      shown(Properties.DestinationConfig.OnFailure.Destination),
    );
    expect(failures.toSorted()).toEqual(queues.toSorted());
    expect(new Set(queues).size).toBe(6);
  });
});
