import type { EnvironmentView } from '../../contracts/api/environment.ts';
import { Team } from '../../contracts/api/package.ts';
import { PLATFORM_ACCOUNT } from '../../domain/deployment/acting-as.ts';
import { clusterId, placeOf } from '../../domain/registry/place.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { checkedName, given, required, text, texts } from '../flags.ts';
import { painter } from '../paint.ts';
import type { AccessValues, GrantAccess } from '../ports.ts';
import { table } from '../table.ts';

const EXIT_ERROR = 2;

export const clusterGrant: Command = {
  name: 'cluster grant',
  summary: 'Let Fairlead deploy into a namespace, with your own kubeconfig',
  usage: '--environment E|--all --namespace N [--team T]… | --platform',
  flags: {
    environment: { type: 'string', value: 'E', says: "in this environment's cluster" },
    all: { type: 'boolean', says: "in every environment's cluster" },
    namespace: {
      type: 'string',
      value: 'N',
      says: "the package's namespace; the environment's suffix is joined to it",
    },
    team: {
      type: 'string',
      multiple: true,
      value: 'T',
      says: 'a service account of that namespace that packages may act as; name all of them: others are taken away',
    },
    'teams-only': { type: 'boolean', says: 'leave the deployer itself nothing but looking there' },
    platform: { type: 'boolean', says: 'let platform packages act as an account that equals cluster-admin' },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead cluster grant --environment prod-eu --namespace web',
    'fairlead cluster grant --all --namespace web',
    'fairlead cluster grant --environment prod-eu --namespace web --team web-team --teams-only',
  ],
  takes: [0, 0],

  async run(call, ports) {
    const wish = wishOf(call);
    const [one, all] = [text(call.flags, 'environment'), given(call.flags, 'all')];
    if ((one === undefined) === !all) throw new WrongInvocation('say where: give either --environment E or --all');
    const environment = one === undefined ? undefined : checkedName(one, 'environment');
    const api = await connect(call, ports);
    const environments =
      environment === undefined ? (await api.environments()).environments : [await api.environment(environment)];
    const grant = await ports.grantAccess();
    const results = await Promise.allSettled(
      groupsOf(wish, environments).map(async (group) => {
        const granted = await grantTo(grant, group, wish.values);
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

interface Wish {
  /** Absent for the platform's own namespace, which has no suffix. */
  readonly namespace?: string;
  readonly values?: AccessValues;
}

function wishOf({ flags }: Call): Wish {
  const teams = texts(flags, 'team');
  const teamsOnly = given(flags, 'teams-only');
  if (given(flags, 'platform')) {
    if (teams.length > 0 || teamsOnly || text(flags, 'namespace') !== undefined)
      throw new WrongInvocation('--platform goes alone: leave out --namespace, --team and --teams-only');
    return { values: { profile: 'platform' } };
  }
  const namespace = checkedName(required(flags, 'namespace', 'N'), 'namespace');
  const wrong = teams.find((team) => !Team.safeParse(team).success);
  if (wrong !== undefined) throw new WrongInvocation(`--team: '${wrong}' names no service account`);
  if (teamsOnly && teams.length === 0)
    throw new WrongInvocation('--teams-only without a team lets nobody deploy: give --team T');
  return teams.length === 0 ? { namespace } : { namespace, values: { teams, teamsOnly } };
}

interface Place {
  readonly environment: EnvironmentView;
  readonly namespace: string;
}

/** Environments that share a cluster and a namespace share one grant: two helms at once would get in each other's way. */
function groupsOf({ namespace }: Wish, environments: readonly EnvironmentView[]): readonly (readonly Place[])[] {
  const wanted = namespace ?? PLATFORM_ACCOUNT.namespace;
  const pkg = { name: wanted, namespace: wanted, release: wanted };
  const places = environments.map((environment) => {
    const { name, cluster, namespaceSuffix } = environment;
    const suffix = namespaceSuffix === undefined || namespace === undefined ? {} : { namespaceSuffix };
    const { account, region } = cluster;
    const placed = placeOf(pkg, { name, cluster: { name: cluster.name, account, region }, ...suffix });
    return { environment, namespace: placed.namespace };
  });
  const groups = Map.groupBy(places, (place) => `${clusterId(place.environment.cluster)} ${place.namespace}`);
  return [...groups.values()];
}

async function grantTo(grant: GrantAccess, group: readonly Place[], values: AccessValues | undefined) {
  const [first] = group;
  if (first === undefined) return [];
  const { name: cluster, account, region } = first.environment.cluster;
  const wish = { namespace: first.namespace, ...(values !== undefined && { values }) };
  const { chart } = await grant({ cluster, account, region, ...wish });
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
