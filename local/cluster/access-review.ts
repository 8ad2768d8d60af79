/** What the cluster's RBAC says of a right: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access */
import * as z from 'zod';
import type { Carrier } from './kubectl-carrier.ts';
import type { KubeUser } from './map-caller.ts';

export interface ResourceRight {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

const Review = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().optional() }) });

/** Whether `whom` (the user of the kubeconfig, when absent) may. @throws when the cluster does not say */
export async function mayDo(ask: Carrier['ask'], right: ResourceRight, whom?: KubeUser): Promise<boolean> {
  const kind = whom === undefined ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const who = whom && { user: whom.user, groups: [...whom.groups, 'system:authenticated'] };
  const { status, body } = await ask('POST', `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    spec: { ...who, resourceAttributes: right },
  });
  if (status !== 201) throw new Error(`the cluster does not answer a ${kind}: status ${status}: ${body.slice(0, 500)}`);
  return Review.parse(JSON.parse(body)).status.allowed;
}
