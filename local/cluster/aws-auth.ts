import { stringify } from 'yaml';
import type { MapRole } from '../../domain/aws-auth/map-role.ts';

/** The ConfigMap `aws-auth` with these entries, as JSON for the API server. */
export function awsAuthConfigMap(mapRoles: readonly MapRole[]) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
    data: { mapRoles: stringify(mapRoles) },
  };
}
