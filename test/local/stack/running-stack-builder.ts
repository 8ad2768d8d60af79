import type { RunningStack } from '../../../local/stack/stack-state.ts';

/** A running stack as its note tells of it. */
export function runningStack(changes: Partial<RunningStack> = {}): RunningStack {
  return {
    endpoint: 'http://127.0.0.1:4000',
    region: 'us-east-1',
    account: '000000000000',
    api: 'http://127.0.0.1:4000/restapis/a/prod/_user_request_',
    outputs: { TableName: 'table' },
    operatorRoleArn: 'arn:aws:iam::000000000000:role/fairlead-operator',
    readerRoleArn: 'arn:aws:iam::000000000000:role/fairlead-reader',
    charts: { registry: 'oci://127.0.0.1:4000/charts', plainHttp: true },
    github: { url: 'http://127.0.0.1:4001', key: 'key' },
    clusters: [
      {
        name: 'local-1',
        server: 'https://127.0.0.1:4002',
        caData: 'Y2E=',
        kubeconfig: '/s/clusters/local-1/kubeconfig',
      },
    ],
    tools: { helm: '/t/helm', kubectl: '/t/kubectl' },
    folder: '/s',
    logs: '/s/logs',
    ...changes,
  };
}
