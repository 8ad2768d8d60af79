import type { EnvironmentView } from '../../contracts/api/environment.ts';
import { clusterId, placeOf } from '../../domain/place.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { checkedName, given, required, text } from '../flags.ts';
import { painter } from '../paint.ts';
import type { GrantAccess } from '../ports.ts';
import { table } from '../table.ts';

const EXIT_ERROR = 2;

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
    const environment = one === undefined ? undefined : checkedName(one, 'environment');
    const api = await connect(call, ports);
    const environments =
      environment === undefined ? (await api.environments()).environments : [await api.environment(environment)];
    const grant = await ports.grantAccess();
    const results = await Promise.allSettled(
      groupsOf(namespace, environments).map(async (group) => {
        const granted = await grantTo(grant, group);
        for (const g of granted) ports.terminal.err(`granted ${g.namespace} in ${g.cluster} (${g.environment})`);
        return granted;
      }),
    );
    const granted = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    answer(call, ports, granted, () =>
      granted.length === 0
        ? []
        : table(
            painter(ports.terminal.colour),
            ['environment', 'cluster', 'namespace', 'grant'],
            granted.map((g) => [g.environment, g.cluster, g.namespace, g.chart]),
          ),
    );
    throwFirst(results, granted.length, environments.length);
    return 0;
  },
};

interface Place {
  readonly environment: EnvironmentView;
  readonly namespace: string;
}

/** Environments that share a cluster and a namespace share one grant: two helms at once would get in each other's way. */
function groupsOf(namespace: string, environments: readonly EnvironmentView[]): readonly (readonly Place[])[] {
  const pkg = { name: namespace, namespace, release: namespace };
  const places = environments.map((environment) => {
    const { name, cluster, namespaceSuffix } = environment;
    const suffix = namespaceSuffix === undefined ? {} : { namespaceSuffix };
    const { account, region } = cluster;
    const placed = placeOf(pkg, { name, cluster: { name: cluster.name, account, region }, ...suffix });
    return { environment, namespace: placed.namespace };
  });
  const groups = Map.groupBy(places, (place) => `${clusterId(place.environment.cluster)} ${place.namespace}`);
  return [...groups.values()];
}

async function grantTo(grant: GrantAccess, group: readonly Place[]) {
  const [first] = group;
  if (first === undefined) return [];
  const { name: cluster, account, region } = first.environment.cluster;
  const { chart } = await grant({ cluster, account, region, namespace: first.namespace });
  return group.map(({ environment, namespace }) => ({ chart, environment: environment.name, cluster, namespace }));
}

/** One that fails keeps none of the others from being granted, and all of them are told. */
function throwFirst(results: readonly PromiseSettledResult<unknown>[], done: number, all: number): void {
  const wrong = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (wrong.length === 0) return;
  if (wrong.length === 1 && done === 0) throw wrong[0];
  const words = new Set(wrong.map((error: unknown) => (error instanceof Error ? error.message : String(error))));
  throw new Failed(`${done} of ${all} environments were granted: ${[...words].join('\n')}`, EXIT_ERROR);
}
