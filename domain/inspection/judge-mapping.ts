/** Does the cluster know the deployer, and as one of ours? */
import { DEPLOYERS_GROUP } from '../aws-auth/map-role.ts';
import type { KubeAnswer } from '../kube.ts';
import { type Check, fail, ok, warn } from './check.ts';
import type { ClusterUser } from './sights.ts';

/** From the answer to a SelfSubjectReview (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review). */
export function judgeMapping(
  { environment, cluster }: { readonly environment: string; readonly cluster: string },
  answer: KubeAnswer<ClusterUser>,
): Check {
  const connect = `fairlead cluster connect ${environment}`;
  if (answer.ok) return judgeUser(answer.value, connect);
  switch (answer.code) {
    case 'unauthorised':
      return fail(
        'mapping',
        `the cluster does not know the deployer's role, or goes by another name than ${cluster} (${answer.because})`,
        connect,
      );
    case 'not-found':
      return warn(
        'mapping',
        `the cluster cannot say whom it takes the deployer for (${answer.because})`,
        'that needs Kubernetes 1.28 or later',
      );
    case 'unreachable':
      return fail('mapping', answer.because, "try again; when it stays so, look at the API server's health");
    case 'forbidden':
    case 'refused':
      return fail('mapping', answer.because, `see that the endpoint of environment ${environment} is a cluster's`);
  }
}

function judgeUser({ username, groups }: ClusterUser, connect: string): Check {
  const known = `the cluster knows the deployer as ${username}`;
  if (groups.includes('system:masters')) {
    return warn(
      'mapping',
      `${known}, one of system:masters, whom no rule restrains`,
      `map it to ${DEPLOYERS_GROUP} alone: ${connect}`,
    );
  }
  if (groups.includes(DEPLOYERS_GROUP)) return ok('mapping', `${known}, of group ${DEPLOYERS_GROUP}`);
  const of = groups.length === 0 ? 'of no group' : `of ${groups.join(', ')}`;
  return fail('mapping', `${known}, ${of}, but not of ${DEPLOYERS_GROUP}`, connect);
}
