/** One look at `aws-auth`, what would be written, and the means to write exactly that. */
import type { MapRole } from '../../../domain/aws-auth/map-role.ts';
import { type AwsAuthObject, backupOf } from './aws-auth-object.ts';
import type { ConfigMap } from './config-map.ts';
import { type ConfigMapEdit, connectConfigMap, disconnectConfigMap, isKeptInAFile } from './edit-config-map.ts';

/** Keeps a copy and answers its path. */
export type KeepBackup = (name: string, text: string) => Promise<string>;

/** Nothing is written before `write` is called; it answers `raced` when somebody else has written since the look. */
export function awsAuthProposals(object: AwsAuthObject, cluster: string, keep: KeepBackup) {
  const propose = async (edit: (found: ConfigMap | undefined) => ConfigMapEdit) => {
    const read = await object.read();
    if (!('found' in read)) return { outcome: 'denied' as const, because: read.because };
    const { found } = read;
    const edited = edit(found);
    if (edited.outcome !== 'changed') return edited;
    const { change, because } = edited;
    return {
      outcome: 'changed' as const,
      because,
      before: change.before,
      after: change.after,
      /** Whether the next `kubectl apply` of somebody's file would undo it. */
      keptInAFile: found !== undefined && isKeptInAFile(found),
      backUp: async () => (found === undefined ? undefined : await keep(cluster, backupOf(found))),
      write: () => object.write(change),
    };
  };
  return {
    connect: (entry: MapRole, mayCreate: boolean) => propose((found) => connectConfigMap(found, entry, mayCreate)),
    disconnect: (entry: MapRole) => propose((found) => disconnectConfigMap(found, entry)),
  };
}
