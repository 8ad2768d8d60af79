import * as z from 'zod';
import type { Follower } from './follow.ts';
import type { KubeClient } from './kube-client.ts';

const Claim = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    accessModes: z.array(z.string()).default(['ReadWriteOnce']),
    storageClassName: z.string().optional(),
    volumeMode: z.string().optional(),
    volumeName: z.string().optional(),
    resources: z.object({ requests: z.record(z.string(), z.string()).default({}) }).default({ requests: {} }),
  }),
});
type Claim = z.infer<typeof Claim>;

const PROVISIONER = 'pretend.fairlead.dev';
/** The classes of an EKS cluster with the EBS driver; the first is the default, as people set it. */
export const STORAGE_CLASSES = ['gp3', 'gp2'] as const;

/** A StorageClass that binds at once, as a real one with `volumeBindingMode: Immediate` would. */
export function storageClass(name: string) {
  const isDefault = name === STORAGE_CLASSES[0];
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
    provisioner: PROVISIONER,
    volumeBindingMode: 'Immediate',
    reclaimPolicy: 'Delete',
  };
}

/** The volume that a provisioner would make for a claim. Binding the two is the real controller's work. */
export function volumeFor({ metadata, spec }: Claim) {
  const { name, namespace, uid } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': PROVISIONER } },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources.requests['storage'] ?? '1Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      csi: { driver: PROVISIONER, volumeHandle: `pvc-${uid}` },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: spec.storageClassName,
      volumeMode: spec.volumeMode ?? 'Filesystem',
    },
  };
}

/** Plays the provisioner of volumes for claims of our storage classes, and removes a volume with its claim. Claims of other classes stay pending, as on a real cluster. */
export function kubeletVolumes(client: KubeClient, onTrouble: (text: string) => void): Follower {
  const ask = (method: 'POST' | 'DELETE', path: string, body?: unknown) => {
    client.call(method, path, body).then(
      ({ status }) => {
        if (status >= 300 && status !== 404 && status !== 409) onTrouble(`${method} ${path}: status ${status}`);
      },
      (error: unknown) => onTrouble(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  const onChange = (object: unknown) => {
    const claim = Claim.parse(object);
    const ours = STORAGE_CLASSES.some((name) => name === claim.spec.storageClassName);
    const going = claim.metadata.deletionTimestamp !== undefined;
    if (ours && !going && claim.spec.volumeName === undefined)
      ask('POST', '/api/v1/persistentvolumes', volumeFor(claim));
  };
  return {
    onList: (items) => items.forEach(onChange),
    onChange,
    onDelete: (object) => ask('DELETE', `/api/v1/persistentvolumes/pvc-${Claim.parse(object).metadata.uid}`),
  };
}
