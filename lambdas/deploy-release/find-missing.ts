/** Looks, now and in the cluster, at the releases that a chart needs beside it. */
import type { DeploymentItem } from '../../domain/items/deployment.ts';
import { keys } from '../../domain/keys.ts';
import { placeOf } from '../../domain/registry/place.ts';
import { missingDependencies, neededPackages, type Standing } from '../../domain/values/feature/dependencies.ts';
import type { Feature } from '../../domain/values/feature/feature.ts';
import type { Deps } from './deps.ts';
import { isHealthy } from './look-at-objects.ts';
import { type Trouble, trouble } from './values/trouble.ts';

type Needs = Pick<Deps, 'table' | 'reach' | 'now'>;
type Where = Pick<DeploymentItem, 'environment' | 'place'>;

/** Nothing when each dependency is satisfied: its release is deployed there and healthy now. */
export async function findMissing(
  deps: Needs,
  feature: Feature | undefined,
  where: Where,
): Promise<Trouble | undefined> {
  const dependencies = feature?.dependencies ?? [];
  if (dependencies.length === 0) return undefined;
  const reached = await deps.reach(where.place.cluster, where.environment);
  if (!reached.reached) return trouble('unreachable', reached.because);
  const standing = new Map<string, Standing>();
  for (const name of neededPackages(dependencies)) {
    const stands = await standingOf(deps, name, where, reached.cluster);
    if ('answer' in stands) return stands;
    standing.set(name, stands);
  }
  const because = missingDependencies(dependencies, standing);
  return because === undefined ? undefined : trouble('missing-dependency', because);
}

type Cluster = Extract<Awaited<ReturnType<Deps['reach']>>, { reached: true }>['cluster'];

async function standingOf(
  { table, now }: Needs,
  name: string,
  { environment }: Where,
  cluster: Cluster,
): Promise<Standing | Trouble> {
  const [pkg, there] = await Promise.all([table.get(keys.package(name)), table.get(keys.environment(environment))]);
  if (pkg === undefined || there === undefined) return { healthy: false, because: 'is not a registered package' };
  const { namespace, release } = placeOf(pkg, there);
  const history = await cluster.releases.history(namespace, release);
  if (!history.ok && history.code === 'unreachable') return trouble('unreachable', history.because);
  if (!history.ok) return { healthy: false, because: `cannot be looked at (${history.because})` };
  const { latest } = history.value;
  if (latest === undefined) return { healthy: false, because: `is not deployed as ${namespace}/${release}` };
  if (latest.status !== 'deployed')
    return { healthy: false, because: `is ${latest.status} (revision ${latest.revision})` };
  if (await isHealthy(cluster, latest, now())) return { healthy: true };
  return { healthy: false, because: `is not healthy (revision ${latest.revision})` };
}
