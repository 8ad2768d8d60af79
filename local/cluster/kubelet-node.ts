/** The name of the one node of a local cluster. */
export const NODE_NAME = 'pretend-node';

/**
 * The Node that pods are bound to. Its address and port are those of the pretend kubelet's own server, which is where the API server fetches logs.
 * Nobody watches over its heartbeat: the controller that would is not started.
 */
export function pretendNode(kubeletPort: number, kubernetesVersion: string, now: Date) {
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const room = { cpu: '64', memory: '256Gi', pods: '10000', 'ephemeral-storage': '500Gi' };
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: NODE_NAME,
      labels: {
        'kubernetes.io/hostname': NODE_NAME,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': 'local',
        'topology.kubernetes.io/zone': 'local-a',
      },
    },
    status: {
      capacity: room,
      allocatable: room,
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: NODE_NAME },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      conditions: [
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      nodeInfo: {
        kubeletVersion: `v${kubernetesVersion}`,
        kubeProxyVersion: '',
        containerRuntimeVersion: 'pretend://0',
        operatingSystem: 'linux',
        architecture: 'amd64',
        osImage: 'Fairlead pretend kubelet',
        kernelVersion: '',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  };
}
