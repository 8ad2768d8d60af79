/**
 * Who uses a value of an environment? Told from what templates read, without running them. A template sees the values of the
 * environment it is rendered for, those of its tenant's management environment, and those of all others of the tenant.
 */
import type { EnvironmentItem } from '../../items/registry.ts';
import type { ReleaseItem } from '../../items/release.ts';
import type { ChartReadsItem } from '../../items/values.ts';
import { MANAGEMENT } from './facts.ts';

/** A version of a package that reads it, and where. */
export interface ValueUse {
  readonly package: string;
  readonly version: string;
  /** Keys of the chart's values whose templates read it. */
  readonly computed: readonly string[];
  /** Where that version is deployed. */
  readonly environments: readonly string[];
  /** False where only a run of the template says which keys it reads. */
  readonly certain: boolean;
}

export interface ValueUses {
  readonly uses: readonly ValueUse[];
  /** Packages of which nobody knows what their charts read. */
  readonly unknown: readonly string[];
}

/** A version that is deployed somewhere. */
export type Standing = Pick<ReleaseItem, 'environment' | 'package'> & { readonly version: string };

export interface UsesSeen {
  readonly environment: Pick<EnvironmentItem, 'name' | 'kind'>;
  readonly key: string;
  /** In all environments of the tenant. */
  readonly standing: readonly Standing[];
  readonly reads: readonly ChartReadsItem[];
}

export function usesOf({ environment, key, standing, reads }: UsesSeen): ValueUses {
  const uses: ValueUse[] = [];
  const unknown = new Set<string>();
  for (const [, places] of Map.groupBy(standing, ({ package: pkg, version }) => `${pkg} ${version}`)) {
    const [{ package: pkg, version }] = places as [Standing, ...Standing[]];
    const known = reads.find((one) => one.package === pkg && one.version === version);
    if (known === undefined) unknown.add(pkg);
    else uses.push(...useOf(known, environment, key, places));
  }
  return {
    uses: uses.toSorted((a, b) => (`${a.package} ${a.version}` < `${b.package} ${b.version}` ? -1 : 1)),
    unknown: [...unknown].toSorted(),
  };
}

function useOf(
  { package: pkg, version, reads }: ChartReadsItem,
  environment: UsesSeen['environment'],
  key: string,
  places: readonly Standing[],
): readonly ValueUse[] {
  const own = places.some((place) => place.environment === environment.name);
  const roots = [own ? ['Env'] : [], environment.kind === MANAGEMENT ? ['Management'] : ['Envs']].flat();
  const found = reads.map((read) => ({ key: read.key, hits: read.paths.map((path) => hits(path, roots, key)) }));
  const computed = found.filter((one) => one.hits.some((hit) => hit !== 'no')).map((one) => one.key);
  if (computed.length === 0) return [];
  const certain = found.some((one) => one.hits.includes('yes'));
  // A template that reads only `.Env` reads it where it is rendered for this environment.
  const everywhere = reads.some(({ paths }) =>
    paths.some((path) => hits(path, roots.slice(own ? 1 : 0), key) !== 'no'),
  );
  const environments = places
    .map((place) => place.environment)
    .filter((name) => everywhere || name === environment.name);
  return [{ package: pkg, version, computed, environments: environments.toSorted(), certain }];
}

function hits([root, ...rest]: readonly string[], roots: readonly string[], key: string): 'yes' | 'perhaps' | 'no' {
  if (root === undefined) return 'perhaps';
  if (!roots.includes(root)) return 'no';
  if (rest.length === 0) return 'perhaps';
  return rest.includes(key) ? 'yes' : 'no';
}
