import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ssmSelfService } from '../../../adapters/aws/ssm-self-service.ts';

const SETTINGS = {
  owner: 'acme',
  ownerId: '12',
  claims: [{ repositories: ['acme/*'], packages: ['{repository}'], namespaces: ['{repository}'], charts: [] }],
};
const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

describe('the settings of self-service', () => {
  const answers = (value: unknown) =>
    ssm
      .on(GetParameterCommand, { Name: '/fairlead/self-service' })
      .resolves({ Parameter: { Value: JSON.stringify(value) } });
  let time = 0;
  const reader = (name = '/fairlead/self-service') =>
    ssmSelfService({ client: new SSMClient({ region: 'eu-north-1' }), name, now: () => new Date(time) });

  it('are read once a minute', async () => {
    answers(SETTINGS);
    const read = reader();
    expect(await read()).toEqual(SETTINGS);
    expect(await read()).toEqual(SETTINGS);
    expect(ssm.calls()).toHaveLength(1);
    time += 60_001;
    answers({ ...SETTINGS, claims: [] });
    expect((await read())?.claims).toEqual([]);
  });

  it('of a newer stack are read as far as they are known', async () => {
    answers({ ...SETTINGS, new: true, claims: [{ ...SETTINGS.claims[0], new: 1 }] });
    expect(await reader()()).toEqual(SETTINGS);
  });

  it('are none where nothing is configured, and nobody is asked', async () => {
    expect(await reader('')()).toBeUndefined();
    expect(ssm.calls()).toHaveLength(0);
  });

  it('that should be there and are not are a fault, not an empty answer', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'gone', $metadata: {} }));
    await expect(reader()()).rejects.toThrow('gone');
  });
});
