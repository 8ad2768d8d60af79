/** The kubeconfig that helm gets: a loopback address, and no credentials. */
export function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fenced', cluster: { server } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'fenced', context: { cluster: 'fenced', user: 'nobody' } }],
    'current-context': 'fenced',
  });
}
