import {
  AccessDeniedException,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  EKSClient,
  ResourceInUseException,
  ResourceNotFoundException,
  ServerException,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { accessEntries } from '../../../adapters/aws/access-entries.ts';
import { NotDone } from '../../../contracts/not-done.ts';
import { deployersAccessEntry } from '../../../domain/aws-auth/access-entry.ts';

const eks = mockClient(EKSClient);
beforeEach(() => void eks.reset());
const ROLE = 'arn:aws:iam::123456789012:role/fairlead-deployer';
const ENTRY = deployersAccessEntry(ROLE, 'fairlead');
const entries = () => accessEntries(new EKSClient({ region: 'eu-north-1' }), 'main');
const words = { $metadata: {}, message: 'no' };
const named = (name: string) => Object.assign(new Error('no'), { name, $fault: 'client' });

describe('a cluster of EKS', () => {
  it.each([
    ['API', { authenticationMode: 'API' as const }],
    ['CONFIG_MAP', undefined],
  ])('tells its mode %s and its account', async (mode, accessConfig) => {
    const arn = 'arn:aws:eks:eu-north-1:123456789012:cluster/main';
    eks
      .on(DescribeClusterCommand, { name: 'main' })
      .resolves({ cluster: { arn, ...(accessConfig && { accessConfig }) } });
    expect(await entries().describe()).toEqual({ seen: 'mode', mode, account: '123456789012' });
  });

  it.each<[string, Error, object]>([
    [
      'does not exist',
      new ResourceNotFoundException(words),
      { seen: 'not-found', because: 'EKS knows no cluster main' },
    ],
    [
      'may not be described',
      new AccessDeniedException(words),
      { seen: 'nothing', because: expect.stringContaining('does not let you') },
    ],
    [
      'is asked without credentials',
      named('CredentialsProviderError'),
      { seen: 'nothing', because: expect.stringContaining('no usable AWS credentials') },
    ],
    [
      'does not answer',
      named('TimeoutError'),
      { seen: 'nothing', because: expect.stringContaining('does not answer') },
    ],
  ])('that %s says so', async (_what, error, expected) => {
    eks.on(DescribeClusterCommand).rejects(error);
    expect(await entries().describe()).toEqual(expected);
  });

  it('in trouble is told in its own words', async () => {
    eks.on(DescribeClusterCommand).rejects(new ServerException(words));
    await expect(entries().describe()).rejects.toThrow(NotDone);
  });
});

describe('an access entry', () => {
  it('is read with its groups and tags', async () => {
    const { principalArn, username, groups, type, tags } = ENTRY;
    eks
      .on(DescribeAccessEntryCommand, { clusterName: 'main', principalArn })
      .resolves({ accessEntry: { principalArn, username, kubernetesGroups: [...groups], type, tags } });
    expect(await entries().read(ROLE)).toEqual({ entry: ENTRY });
  });

  it('that is not there is none', async () => {
    eks.on(DescribeAccessEntryCommand).rejects(new ResourceNotFoundException(words));
    expect(await entries().read(ROLE)).toEqual({ entry: undefined });
  });

  it('is made, changed and deleted with what EKS calls it', async () => {
    eks.onAnyCommand().resolves({});
    const { create, update, remove } = entries();
    const given = { clusterName: 'main', principalArn: ROLE };
    const rights = { username: 'fairlead:{{SessionName}}', kubernetesGroups: ['fairlead:deployers'] };
    for (const done of [await create(ENTRY), await update(ENTRY), await remove(ROLE)])
      expect(done).toEqual({ written: true });
    const [made, changed, deleted] = eks.calls().map(({ args }) => args[0]);
    expect(made).toBeInstanceOf(CreateAccessEntryCommand);
    expect(made?.input).toEqual({
      ...given,
      ...rights,
      type: 'STANDARD',
      tags: { 'fairlead:installation': 'fairlead' },
    });
    expect(changed).toBeInstanceOf(UpdateAccessEntryCommand);
    expect(changed?.input).toEqual({ ...given, ...rights });
    expect(deleted).toBeInstanceOf(DeleteAccessEntryCommand);
    expect(deleted?.input).toEqual(given);
  });

  it('that somebody else made or deleted meanwhile is a race', async () => {
    eks.on(CreateAccessEntryCommand).rejects(new ResourceInUseException(words));
    eks.on(DeleteAccessEntryCommand).rejects(new ResourceNotFoundException(words));
    const raced = { written: false, raced: true };
    expect([await entries().create(ENTRY), await entries().remove(ROLE)]).toEqual([raced, raced]);
  });

  it('names the right that is missing', async () => {
    eks.onAnyCommand().rejects(new AccessDeniedException(words));
    const because = (action: string) => ({ because: `you lack eks:${action} on cluster main` });
    expect(await entries().read(ROLE)).toMatchObject(because('DescribeAccessEntry'));
    expect(await entries().create(ENTRY)).toMatchObject(because('CreateAccessEntry'));
    expect(await entries().update(ENTRY)).toMatchObject(because('UpdateAccessEntry'));
    expect(await entries().remove(ROLE)).toMatchObject(because('DeleteAccessEntry'));
  });

  it('refused for another reason is told in EKS’ words', async () => {
    eks.on(CreateAccessEntryCommand).rejects(named('InvalidRequestException'));
    await expect(entries().create(ENTRY)).rejects.toThrow(
      /cannot do eks:CreateAccessEntry on cluster main: AWS refuses/,
    );
  });
});
