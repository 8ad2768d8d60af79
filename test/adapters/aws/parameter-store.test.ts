import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { parameterStore } from '../../../adapters/aws/parameter-store.ts';
import { ApiUnreachable, CredentialsMissing } from '../../../contracts/api/client.ts';
import { NotDone } from '../../../contracts/not-done.ts';

const ssm = mockClient(SSMClient);
const store = parameterStore(new SSMClient({ region: 'eu-north-1' }));
const NAME = 'webui-service-helm-values';
beforeEach(() => void ssm.reset());

const written = () => ssm.commandCalls(PutParameterCommand)[0]?.args[0].input;
const base64 = (text: string) => `base64:${Buffer.from(text).toString('base64')}`;

describe('a layer', () => {
  it('that is there is read with its version', async () => {
    ssm.on(GetParameterCommand, { Name: NAME }).resolves({ Parameter: { Version: 7, Value: 'replicas: 2\n' } });
    expect(await store.get(NAME)).toEqual({ version: 7, value: 'replicas: 2\n' });
  });

  it('that is not there is no error', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'none', $metadata: {} }));
    expect(await store.get(NAME)).toBeUndefined();
  });

  it('is written over, and its new version told', async () => {
    ssm.on(PutParameterCommand).resolves({ Version: 8 });
    expect(await store.put(NAME, 'replicas: 3\n')).toBe(8);
    expect(written()).toEqual({ Name: NAME, Value: 'replicas: 3\n', Type: 'String', Overwrite: true });
  });

  it.each([
    ['has braces that Parameter Store refuses', 'greeting: "{{ name }}"\n'],
    ['looks encoded but is not', 'base64: yes\n'],
    ['looks like a pointer but is not', 's3://bucket: yes\n'],
  ])('that %s goes encoded and comes back as written', async (_what, text) => {
    ssm.on(PutParameterCommand).resolves({ Version: 1 });
    await store.put(NAME, text);
    expect(written()?.Value).toBe(base64(text));
    ssm.on(GetParameterCommand).resolves({ Parameter: { Version: 1, Value: base64(text) } });
    expect((await store.get(NAME))?.value).toBe(text);
  });

  it.each([
    [4096, undefined],
    [4097, 'Advanced'],
    [8192, 'Advanced'],
  ])('of %i bytes is of tier %s', async (bytes, tier) => {
    ssm.on(PutParameterCommand).resolves({ Version: 1 });
    await store.put(NAME, 'x'.repeat(bytes));
    expect(written()?.Tier).toBe(tier);
  });

  it('that is too large is refused before it is sent, counted in bytes', async () => {
    await expect(store.put(NAME, 'é'.repeat(4097))).rejects.toThrow(/is 8194 bytes, and Parameter Store holds 8192/);
    expect(ssm.calls()).toHaveLength(0);
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
    const put = store.put(NAME, 'a: 1');
    await expect(put).rejects.toThrow(kind);
    await expect(put).rejects.toThrow(words);
    await expect(put).rejects.toThrow(`cannot write the layer ${NAME}`);
  });

  it('and what is no trouble of AWS stays a mistake of ours', async () => {
    ssm.on(PutParameterCommand).rejects(new TypeError('x is not a function'));
    await expect(store.put(NAME, 'a: 1')).rejects.toThrow(TypeError);
  });
});
