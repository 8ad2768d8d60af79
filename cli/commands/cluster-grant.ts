import { placeOf } from '../../domain/place.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { checkedName, given, required, text } from '../flags.ts';
import { painter } from '../paint.ts';
import { table } from '../table.ts';

export const clusterGrant: Command = {
  name: 'cluster grant',
  summary: 'Let Fairlead deploy into a namespace, with your own kubeconfig',
  usage: '--environment E|--all --namespace N',
  flags: {
    environment: { type: 'string', value: 'E', says: "in this environment's cluster" },
    all: { type: 'boolean', says: "in every environment's cluster" },
    namespace: {
      type: 'string',
      value: 'N',
      says: "the package's namespace; the environment's suffix is joined to it",
    },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead cluster grant --environment prod-eu --namespace web',
    'fairlead cluster grant --all --namespace web',
  ],
  takes: [0, 0],

  async run(call, ports) {
    const namespace = checkedName(required(call.flags, 'namespace', 'N'), 'namespace');
    const [one, all] = [text(call.flags, 'environment'), given(call.flags, 'all')];
    if ((one === undefined) === !all) throw new WrongInvocation('say where: give either --environment E or --all');
    const api = await connect(call, ports);
    const environments =
      one === undefined
        ? (await api.environments()).environments
        : [await api.environment(checkedName(one, 'environment'))];
    const grant = await ports.grantAccess();
    const granted = await Promise.all(
      environments.map(async (environment) => {
        const { cluster, namespace: placed } = placeOf(
          { name: namespace, namespace, release: namespace },
          placedIn(environment),
        );
        const done = await grant({ cluster: cluster.name, namespace: placed });
        ports.terminal.err(`granted ${placed} in ${cluster.name} (${environment.name})`);
        return { ...done, environment: environment.name, cluster: cluster.name, namespace: placed };
      }),
    );
    answer(call, ports, granted, () =>
      table(
        painter(ports.terminal.colour),
        ['environment', 'cluster', 'namespace', 'grant'],
        granted.map((g) => [g.environment, g.cluster, g.namespace, g.chart]),
      ),
    );
    return 0;
  },
};

function placedIn({
  name,
  cluster,
  namespaceSuffix,
}: {
  name: string;
  cluster: { name: string; account: string; region: string };
  namespaceSuffix?: string | undefined;
}) {
  const { name: clusterName, account, region } = cluster;
  return {
    name,
    cluster: { name: clusterName, account, region },
    ...(namespaceSuffix !== undefined && { namespaceSuffix }),
  };
}
