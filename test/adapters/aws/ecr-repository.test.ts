import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  RepositoryAlreadyExistsException,
} from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureRepository } from '../../../adapters/aws/ecr-repository.ts';
import { NotDone } from '../../../contracts/not-done.ts';

const ecr = mockClient(ECRClient);
beforeEach(() => void ecr.reset());

const HOST = '123456789012.dkr.ecr.eu-north-1.amazonaws.com';
const client = new ECRClient({ region: 'eu-north-1' });
const ensure = ensureRepository({ client });
const token = (text: string) => ({
  authorizationData: [{ authorizationToken: Buffer.from(text).toString('base64') }],
});

describe('a repository of ECR', () => {
  it('is made, and the login told', async () => {
    ecr.on(CreateRepositoryCommand).resolves({}).on(GetAuthorizationTokenCommand).resolves(token('AWS:word'));
    expect(await ensure(HOST, 'charts/webui')).toEqual({
      plainHttp: false,
      login: { username: 'AWS', password: 'word' },
    });
    expect(ecr.commandCalls(CreateRepositoryCommand)[0]?.args[0].input).toEqual({ repositoryName: 'charts/webui' });
  });

  it('that is there already is as good', async () => {
    const there = new RepositoryAlreadyExistsException({ message: 'there', $metadata: {} });
    ecr.on(CreateRepositoryCommand).rejects(there).on(GetAuthorizationTokenCommand).resolves(token('AWS:word'));
    expect((await ensure(HOST, 'charts/webui')).login?.username).toBe('AWS');
  });

  it('that may not be made says so', async () => {
    const refused = Object.assign(new Error('no right'), { name: 'AccessDeniedException', $fault: 'client' });
    ecr.on(CreateRepositoryCommand).rejects(refused);
    await expect(ensure(HOST, 'charts/webui')).rejects.toThrow(NotDone);
    await expect(ensure(HOST, 'charts/webui')).rejects.toThrow(
      'cannot make the repository charts/webui: AWS refuses: AccessDeniedException: no right',
    );
  });

  it.each([{}, { authorizationData: [] }, token(''), token('AWS:')])(
    'without a password (%j) is not pushed to',
    async (answer) => {
      ecr.on(CreateRepositoryCommand).resolves({}).on(GetAuthorizationTokenCommand).resolves(answer);
      await expect(ensure(HOST, 'charts/webui')).rejects.toThrow(`cannot log in to ${HOST}: AWS gave no password`);
    },
  );
});

describe('any other registry', () => {
  it('of the local AWS is made and speaks plain HTTP without a login', async () => {
    ecr.on(CreateRepositoryCommand).resolves({});
    const local = ensureRepository({ client, endpoint: 'http://127.0.0.1:4566' });
    expect(await local('127.0.0.1:4566', 'charts/webui')).toEqual({ plainHttp: true });
    expect(ecr.commandCalls(GetAuthorizationTokenCommand)).toHaveLength(0);
  });

  it.each(['ghcr.io', '127.0.0.1:5000', `${HOST}.evil.example`, `evil.example/${HOST}`, 'public.ecr.aws'])(
    '(%s) is not touched, and gets no password of ECR',
    async (host) => {
      expect(await ensure(host, 'charts/webui')).toEqual({ plainHttp: false });
      expect(ecr.calls()).toHaveLength(0);
    },
  );
});
