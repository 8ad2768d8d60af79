/** ECR takes a push only into a repository that exists, and only from who logged in. */
import {
  CreateRepositoryCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  RepositoryAlreadyExistsException,
} from '@aws-sdk/client-ecr';
import type { Registry } from '../helm/push-chart.ts';

export interface EnsureRepositoryProps {
  readonly client: ECRClient;
  /** The local AWS, whose registry speaks plain HTTP on the same port and wants no login. */
  readonly endpoint?: string | undefined;
}

/** Makes the repository ready when the host is ECR's or the local AWS's; any other registry is the user's own affair. */
export function ensureRepository({ client, endpoint }: EnsureRepositoryProps) {
  return async (host: string, repository: string): Promise<Registry> => {
    const local = endpoint !== undefined && new URL(endpoint).host === host;
    if (!local && !/^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host)) return { plainHttp: false };
    await client.send(new CreateRepositoryCommand({ repositoryName: repository })).catch((error: unknown) => {
      if (!(error instanceof RepositoryAlreadyExistsException)) throw error;
    });
    if (local) return { plainHttp: true };
    const { authorizationData: [token] = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    const [username = '', password = ''] = Buffer.from(token?.authorizationToken ?? '', 'base64')
      .toString()
      .split(':');
    return { plainHttp: false, login: { username, password } };
  };
}
