import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  ParameterVersionNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { parameterStore } from '../../../adapters/aws/parameter-store.ts';
import { ApiUnreachable, CredentialsMissing } from '../../../contracts/api/client.ts';
import { NotDone } from '../../../contracts/not-done.ts';

const ssm = mockClient(SSMClient);
const store = parameterStore(new SSMClient({ region: 'eu-north-1' }));
const NAME = 'webui-service-helm-values';
const PUT = { name: NAME, value: 'replicas: 3\n', anew: false, advanced: false };
const metadata = { $metadata: {} };
beforeEach(() => void ssm.reset());

const written = () => ssm.commandCalls(PutParameterCommand)[0]?.args[0].input;

describe('a parameter', () => {
  it('that is there is read with its version, and never decrypted', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Version: 7, Value: 'replicas: 2\n' } });
    expect(await store.get(NAME)).toEqual({ version: 7, value: 'replicas: 2\n' });
    expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input).toEqual({ Name: NAME, WithDecryption: false });
  });

  it('is read at one of its versions', async () => {
    ssm.on(GetParameterCommand, { Name: `${NAME}:3` }).resolves({ Parameter: { Version: 3, Value: 'a: 1' } });
    expect(await store.get(NAME, 3)).toEqual({ version: 3, value: 'a: 1' });
  });

  it.each([
    ['parameter', new ParameterNotFound({ message: 'none', ...metadata })],
    ['version', new ParameterVersionNotFound({ message: 'none', ...metadata })],
  ])('without such a %s is no error', async (_what, error) => {
    ssm.on(GetParameterCommand).rejects(error);
    expect(await store.get(NAME, 3)).toBeUndefined();
  });

  it.each([
    [
      'was changed from another version',
      { ...PUT, from: 7 },
      { Description: 'layer of helm values, from version 7', Type: 'String', Overwrite: true },
    ],
    ['is written over', PUT, { Description: 'layer of helm values', Type: 'String', Overwrite: true }],
    [
      'is made only where there is none',
      { ...PUT, anew: true },
      { Description: 'layer of helm values', Type: 'String', Overwrite: false },
    ],
    [
      'is of the advanced tier when asked',
      { ...PUT, advanced: true },
      { Description: 'layer of helm values', Type: 'String', Overwrite: true, Tier: 'Advanced' },
    ],
    [
      'is secret',
      { ...PUT, secret: {} },
      { Description: 'layer of helm values', Type: 'SecureString', Overwrite: true },
    ],
    [
      'is secret under a key of the account',
      { ...PUT, secret: { keyId: 'alias/webui' } },
      { Description: 'layer of helm values', Type: 'SecureString', Overwrite: true, KeyId: 'alias/webui' },
    ],
  ])('%s, and its new version told', async (_what, put, input) => {
    ssm.on(PutParameterCommand).resolves({ Version: 8 });
    expect(await store.put(put)).toBe(8);
    expect(written()).toEqual({ Name: NAME, Value: 'replicas: 3\n', ...input });
  });

  it('that somebody else has made meanwhile is said to exist', async () => {
    ssm.on(PutParameterCommand).rejects(new ParameterAlreadyExists({ message: 'there', ...metadata }));
    expect(await store.put({ ...PUT, anew: true })).toBe('exists');
  });

  it('has its history told from the oldest on, over all pages', async () => {
    const at = new Date('2026-11-20T10:00:00Z');
    ssm
      .on(GetParameterHistoryCommand)
      .resolves({ Parameters: [{ Version: 2, Value: 'b', LastModifiedDate: at, LastModifiedUser: 'arn:x' }] })
      .on(GetParameterHistoryCommand, { NextToken: undefined })
      .resolves({ Parameters: [{ Version: 1, Value: 'a' }], NextToken: 'more' });
    expect(await store.history(NAME)).toEqual([
      { version: 1, value: 'a' },
      { version: 2, value: 'b', at: '2026-11-20T10:00:00.000Z', by: 'arn:x' },
    ]);
  });

  it('that is not there has none', async () => {
    ssm.on(GetParameterHistoryCommand).rejects(new ParameterNotFound({ message: 'none', ...metadata }));
    expect(await store.history(NAME)).toEqual([]);
  });

  it('is listed by how its name begins, without what is in it', async () => {
    ssm.on(DescribeParametersCommand).resolves({
      Parameters: [
        { Name: 'b', Version: 2, Type: 'SecureString' },
        { Name: 'a', Version: 1, Type: 'String' },
      ],
    });
    expect(await store.list('webui-')).toEqual([
      { name: 'a', version: 1, secret: false },
      { name: 'b', version: 2, secret: true },
    ]);
    expect(ssm.commandCalls(DescribeParametersCommand)[0]?.args[0].input.ParameterFilters).toEqual([
      { Key: 'Name', Option: 'BeginsWith', Values: ['webui-'] },
    ]);
  });

  it('is removed once', async () => {
    ssm
      .on(DeleteParameterCommand)
      .resolvesOnce({})
      .rejects(new ParameterNotFound({ message: 'none', ...metadata }));
    expect([await store.remove(NAME), await store.remove(NAME)]).toEqual(['removed', 'absent']);
  });
});

describe('trouble is told as what it is', () => {
  const named = (name: string, more: object = {}) => Object.assign(new Error('its words'), { name, ...more });

  it.each([
    ['nobody to sign as', named('CredentialsProviderError'), CredentialsMissing, /no usable AWS credentials/],
    ['a session that is over', named('ExpiredTokenException', { $fault: 'client' }), CredentialsMissing, /its words/],
    ['no network', named('Error', { code: 'ECONNREFUSED', syscall: 'connect' }), ApiUnreachable, /does not answer/],
    ['no answer in time', named('TimeoutError'), ApiUnreachable, /does not answer/],
    ['a missing right', named('AccessDeniedException', { $fault: 'client' }), NotDone, /AWS refuses: AccessDenied/],
  ])('%s', async (_what, error, kind, words) => {
    ssm.on(PutParameterCommand).rejects(error);
    const put = store.put(PUT);
    await expect(put).rejects.toThrow(kind);
    await expect(put).rejects.toThrow(words);
    await expect(put).rejects.toThrow(`cannot write ${NAME}`);
  });

  it('and what is no trouble of AWS stays a mistake of ours', async () => {
    ssm.on(PutParameterCommand).rejects(new TypeError('x is not a function'));
    await expect(store.put(PUT)).rejects.toThrow(TypeError);
  });
});
