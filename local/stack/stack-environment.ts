import { delimiter } from 'node:path';
import { openSession } from '../aws/session.ts';
import type { RunningStack } from './stack-state.ts';

/**
 * What `fairlead env` hands out: the variables with which the AWS CLI, helm, kubectl and `fairlead` work on the running stack as an operator. The session
 * is fresh with every call and ends after 12 hours.
 * @param user names the session, so that it can be told apart in records; characters that STS refuses are replaced.
 */
export async function stackEnvironment(stack: RunningStack, user = 'operator'): Promise<Record<string, string>> {
  const name = user
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
  const session = await openSession(stack.endpoint, stack.operatorRoleArn, name);
  return {
    AWS_ENDPOINT_URL: stack.endpoint,
    AWS_REGION: stack.region,
    AWS_DEFAULT_REGION: stack.region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: session.expiration,
    FAIRLEAD_ENDPOINT: stack.api,
    FAIRLEAD_STATE: stack.folder,
    FAIRLEAD_CHART_REGISTRY: stack.charts.registry,
    FAIRLEAD_HELM: stack.tools.helm,
    FAIRLEAD_KUBECTL: stack.tools.kubectl,
    KUBECONFIG: stack.clusters.map(({ kubeconfig }) => kubeconfig).join(delimiter),
  };
}
