/** ECR takes a push only into a repository that exists, and only from who logged in. */
import {
  CreateRepositoryCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  RepositoryAlreadyExistsException,
} from '@aws-sdk/client-ecr';
import { NotDone } from '../../contracts/not-done.ts';
import type { Registry } from '../helm/push-chart.ts';
import { toldPlainly } from './told-plainly.ts';

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
    const made = client.send(new CreateRepositoryCommand({ repositoryName: repository })).catch((error: unknown) => {
      if (!(error instanceof RepositoryAlreadyExistsException)) throw error;
    });
    await toldPlainly(`make the repository ${repository}`, made);
    if (local) return { plainHttp: true };
    const { authorizationData: [token] = [] } = await toldPlainly(
      `log in to ${host}`,
      client.send(new GetAuthorizationTokenCommand({})),
    );
    // `AWS:password` in base64: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html
    const [username, password] = Buffer.from(token?.authorizationToken ?? '', 'base64')
      .toString()
      .split(':');
    if (!username || !password) throw new NotDone(`cannot log in to ${host}: AWS gave no password for it`);
    return { plainHttp: false, login: { username, password } };
  };
}
