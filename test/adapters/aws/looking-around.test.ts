/** What doctor asks of AWS: refusals are answers, anything odd is thrown. */
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { callerIdentity } from '../../../adapters/aws/caller-identity.ts';
import { functionHealth } from '../../../adapters/aws/function-health.ts';
import { readLayers } from '../../../adapters/aws/read-layers.ts';
import { roleTrust } from '../../../adapters/aws/role-trust.ts';
import { readLayer } from '../../../adapters/helm/read-layer.ts';
import { memorySpilledLayers } from '../../../adapters/memory/memory-spilled-layers.ts';
import { spillText } from '../../../domain/values/layers/spill.ts';

const [sts, iam, ssm] = [mockClient(STSClient), mockClient(IAMClient), mockClient(SSMClient)];
const [cloudformation, lambda] = [mockClient(CloudFormationClient), mockClient(LambdaClient)];
beforeEach(() => {
  for (const mock of [sts, iam, ssm, cloudformation, lambda]) mock.reset();
});
const region = { region: 'eu-north-1' };
const refusal = (name: string) => Object.assign(new Error(`${name} said so`), { name, $fault: 'client' });
const network = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });

describe('who signs', () => {
  test.each<[string, Error, string]>([
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'missing'],
    ['an expired session', refusal('ExpiredToken'), 'refused'],
    ['an unknown key', refusal('InvalidClientTokenId'), 'refused'],
    ['another refusal', refusal('AccessDenied'), 'refused'],
    ['no way', network, 'unreachable'],
  ])('%s is an answer', async (_what, error, code) => {
    sts.on(GetCallerIdentityCommand).rejects(error);
    expect(await callerIdentity(new STSClient(region))).toMatchObject({ known: false, code });
  });

  test('is told by STS', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: '1', Arn: 'arn' });
    expect(await callerIdentity(new STSClient(region))).toEqual({ known: true, account: '1', arn: 'arn' });
  });
});

describe("a role's trust policy", () => {
  const ARN = 'arn:aws:iam::1:role/path/fairlead-source-webui';
  const statement = { Effect: 'Allow', Principal: { Federated: 'x' }, Action: 'sts:AssumeRoleWithWebIdentity' };

  test('is decoded and read, by the name without path', async () => {
    const AssumeRolePolicyDocument = encodeURIComponent(JSON.stringify({ Statement: [statement] }));
    iam
      .on(GetRoleCommand, { RoleName: 'fairlead-source-webui' })
      .resolves({ Role: { AssumeRolePolicyDocument } as never });
    expect(await roleTrust(new IAMClient(region), ARN)).toMatchObject({
      read: true,
      policy: { statements: [{ name: 'statement 1', federated: ['x'] }] },
    });
  });

  test.each(['%', 'no json', encodeURIComponent('{"Statement":[{"Effect":"Maybe"}]}')])(
    "'%s' is not understood",
    async (document) => {
      iam.on(GetRoleCommand).resolves({ Role: { AssumeRolePolicyDocument: document } as never });
      expect(await roleTrust(new IAMClient(region), ARN)).toMatchObject({
        read: false,
        because: expect.stringContaining('not understood'),
      });
    },
  );

  test.each([
    ['AccessDenied', 'refused'],
    ['NoSuchEntityException', 'missing'],
  ])('%s is an answer', async (name, code) => {
    iam.on(GetRoleCommand).rejects(refusal(name));
    expect(await roleTrust(new IAMClient(region), ARN)).toMatchObject({ read: false, code });
  });
});

describe('functions', () => {
  const props = () => ({ cloudformation: new CloudFormationClient(region), lambda: new LambdaClient(region) });

  test('of all pages of the stack are looked at, by name', async () => {
    const page = (names: string[], NextToken?: string) => ({
      StackResourceSummaries: names.map(
        (PhysicalResourceId) => ({ ResourceType: 'AWS::Lambda::Function', PhysicalResourceId }) as never,
      ),
      ...(NextToken !== undefined && { NextToken }),
    });
    cloudformation
      .on(ListStackResourcesCommand)
      .resolves(page(['a']))
      .on(ListStackResourcesCommand, { StackName: 'fairlead', NextToken: undefined })
      .resolves(page(['b'], 'more'));
    lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', LastUpdateStatus: 'Successful' });
    lambda
      .on(GetFunctionConfigurationCommand, { FunctionName: 'b' })
      .resolves({ State: 'Failed', LastUpdateStatus: 'Failed', StateReason: 'no role' });
    expect(await functionHealth(props(), 'fairlead')).toEqual({
      read: true,
      functions: [
        { name: 'a', state: 'Active', lastUpdate: 'Successful' },
        { name: 'b', state: 'Failed', lastUpdate: 'Failed', because: 'no role' },
      ],
    });
  });

  test('that may not be seen are an answer', async () => {
    cloudformation.on(ListStackResourcesCommand).rejects(refusal('AccessDenied'));
    expect(await functionHealth(props(), 'fairlead')).toMatchObject({
      read: false,
      because: expect.stringContaining('AccessDenied'),
    });
  });
});

describe('layers', () => {
  test('are told by name and version, broken ones with their place and never with their text', async () => {
    ssm.on(GetParametersCommand).resolves({
      Parameters: [
        { Name: 'b', Version: 2, Value: 'password: [hunter2' },
        { Name: 'a', Version: 1, Value: 'x: 1' },
      ],
    });
    const found = await readLayers(new SSMClient(region), readLayer, ['a', 'b', 'c'], memorySpilledLayers);
    expect(found).toMatchObject({
      read: true,
      layers: [
        { name: 'a', version: 1 },
        { name: 'b', broken: expect.stringMatching(/b version 2 is not YAML at line \d+, column \d+/) },
      ],
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('that are only pointed to are looked at where they stand', async () => {
    const bucket = memorySpilledLayers('values');
    const [whole, broken] = [await bucket.put('webui', 'x: 1'), await bucket.put('webui', 'password: [hunter2')];
    ssm.on(GetParametersCommand).resolves({
      Parameters: [
        { Name: 'a', Version: 1, Value: spillText(whole) },
        { Name: 'b', Version: 1, Value: spillText(broken) },
        { Name: 'c', Version: 1, Value: spillText({ ...whole, versionId: 'gone' }) },
        { Name: 'd', Version: 1, Value: spillText({ ...whole, sha256: broken.sha256 }) },
      ],
    });
    expect(await readLayers(new SSMClient(region), readLayer, ['a', 'b', 'c', 'd'], () => bucket)).toMatchObject({
      layers: [
        { name: 'a', version: 1 },
        { name: 'b', broken: expect.stringMatching(/b version 1 is not YAML at line/) },
        { name: 'c', broken: expect.stringMatching(/c version 1 points to s3:.* no version gone/) },
        { name: 'd', broken: expect.stringMatching(/d version 1 points to s3:.* something else/) },
      ],
    });
  });

  test.each([
    [refusal('AccessDeniedException'), 'refused'],
    [network, 'unreachable'],
  ])('that cannot be read are an answer', async (error, code) => {
    ssm.on(GetParametersCommand).rejects(error);
    expect(await readLayers(new SSMClient(region), readLayer, ['a'], memorySpilledLayers)).toMatchObject({
      read: false,
      code,
    });
  });
});
