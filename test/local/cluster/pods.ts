import { Pod } from '../../../local/cluster/kubelet-pod.ts';

/** A pod that was bound and started at ten o'clock, with overrides. */
export function aPod(
  over: {
    image?: string;
    pretend?: string;
    label?: string;
    node?: string | null;
    restartPolicy?: string;
    phase?: string;
  } = {},
): Pod {
  const {
    image = 'acme/web:1.0.0',
    pretend,
    label,
    node = 'pretend-node',
    restartPolicy = 'Always',
    phase = 'Running',
  } = over;
  return Pod.parse({
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      uid: '6e0a0b52-0000-4000-8000-000000000000',
      creationTimestamp: '2026-11-21T09:59:59Z',
      annotations: pretend === undefined ? {} : { 'fairlead.dev/pretend': pretend },
      labels: label === undefined ? {} : { 'fairlead.dev/pretend': label },
    },
    spec: { ...(node === null ? {} : { nodeName: node }), restartPolicy, containers: [{ name: 'web', image }] },
    status: { phase, startTime: '2026-11-21T10:00:00Z' },
  });
}

/** So many milliseconds after ten o'clock. */
export const after = (ms: number) => new Date(Date.parse('2026-11-21T10:00:00Z') + ms);
