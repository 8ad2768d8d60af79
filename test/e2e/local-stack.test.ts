import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, inject, test } from 'vitest';
import { localClient } from '../../local/aws/local-clients.ts';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../../local/github/assume-source-role.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import { stackEnvironment } from '../../local/stack/stack-environment.ts';

const stack = inject('stack');
const run = promisify(execFile);

async function sourceCaller(job: WorkflowRun, audience?: string): Promise<string> {
  const credentials = await assumeSourceRole({
    endpoint: stack.endpoint,
    region: stack.region,
    roleArn: stack.outputs['SourceRoleArnWebui'] ?? '',
    env: await askWorkflowEnv(stack.github, job),
    ...(audience === undefined ? {} : { audience }),
  });
  const sts = new STSClient(localClient(stack.endpoint, credentials));
  return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '';
}

describe('the running local stack', () => {
  test('hands out an operator session, named after who asked', async () => {
    const env = await stackEnvironment(stack, 'Ada Lovelace');
    const credentials = {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: env['AWS_SESSION_TOKEN'] ?? '',
    };
    const sts = new STSClient(localClient(stack.endpoint, credentials));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      'arn:aws:sts::000000000000:assumed-role/fairlead-operator/Ada-Lovelace',
    );
    expect(Date.parse(env['AWS_CREDENTIAL_EXPIRATION'] ?? '') - Date.now()).toBeGreaterThan(11 * 60 * 60_000);
  });

  test('lets an operator make a repository for a chart, and only below charts/', async () => {
    const {
      AWS_ACCESS_KEY_ID = '',
      AWS_SECRET_ACCESS_KEY = '',
      AWS_SESSION_TOKEN = '',
    } = await stackEnvironment(stack);
    const operator = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const ecr = new ECRClient(localClient(stack.endpoint, operator));
    const create = (repositoryName: string) => ecr.send(new CreateRepositoryCommand({ repositoryName }));
    expect((await create('charts/local-stack-test')).repository?.repositoryName).toBe('charts/local-stack-test');
    await expect(create('elsewhere/local-stack-test')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('its kubectl and kubeconfig reach every cluster', async () => {
    const { KUBECONFIG = '' } = await stackEnvironment(stack);
    for (const { name } of stack.clusters) {
      const args = [
        '--context',
        name,
        'get',
        'configmap',
        'aws-auth',
        '-n',
        'kube-system',
        '-o',
        'jsonpath={.data.mapRoles}',
      ];
      const { stdout } = await run(stack.tools.kubectl, args, {
        env: { KUBECONFIG, HOME: stack.folder },
        timeout: 20_000,
      });
      expect(stdout).toContain('rolearn: arn:aws:iam::000000000000:role/fairlead-deployer');
    }
  });

  test('a job of the repository becomes the source role', async () => {
    expect(await sourceCaller({ repository: 'acme/webui', runId: '42' })).toBe(
      'arn:aws:sts::000000000000:assumed-role/fairlead-source-webui/github-42',
    );
  });

  test.each<[string, WorkflowRun, string | undefined]>([
    ['another repository', { repository: 'acme/worker' }, undefined],
    ['another branch', { repository: 'acme/webui', ref: 'refs/heads/topic' }, undefined],
    ['a pull request', { repository: 'acme/webui', event: 'pull_request' }, undefined],
    ['another audience', { repository: 'acme/webui' }, 'https://github.com/acme'],
  ])('a job of %s does not', async (_, job, audience) => {
    await expect(sourceCaller(job, audience)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('items expire, which MiniStack forgets to set up', async () => {
    const dynamodb = new DynamoDBClient(localClient(stack.endpoint));
    const answer = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: stack.outputs['TableName'] }));
    expect(answer.TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
  });
});
