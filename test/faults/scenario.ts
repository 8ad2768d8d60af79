/** What is rolled out where, drawn from a seed: small, for small scenarios are many. */
import type { Fares } from './cluster.ts';
import { THEMES, type Theme } from './faults.ts';
import { type Random, seeded } from './random.ts';

export interface WantedRollout {
  /** Seconds after the beginning. */
  readonly at: number;
  readonly version: string;
  readonly stages: readonly object[];
}

/** What is known of the environments before: nothing, a release that stands there, or one that a restored table does not know all of. */
export type Before = 'nothing' | 'installed' | 'restored';

export interface Scenario {
  readonly seed: number;
  readonly theme: Theme;
  readonly environments: readonly { readonly name: string; readonly cluster: string; readonly before: Before }[];
  readonly rollouts: readonly WantedRollout[];
  readonly layers: Readonly<Record<string, string>>;
  fares(cluster: string, version: string): Fares;
  /** Whether the API server refuses this version's objects there. */
  rejects(cluster: string, version: string): boolean;
}

/** Stands in every layer and every request; nobody may ever read it. */
export const CANARY = 'canary-9c51f0e7';
const VERSIONS = ['1.0.0', '1.1.0', '1.2.0'];
const NAMES = ['dev', 'eu', 'us', 'ap'];

export function scenario(seed: number): Scenario {
  const random = seeded(seed, 'scenario');
  const theme = random.chance(0.4) ? 'anything' : random.pick(Object.keys(THEMES) as Theme[]);
  /** Rollouts that get in each other's way. */
  const crowded = theme === 'stopped' || theme === 'woken';
  const names = NAMES.slice(0, crowded ? random.int(1, 2) : random.pick([1, 2, 2, 3, 3, 4]));
  const shared = random.chance(0.2);
  const before = random.pick<Before>(['nothing', 'nothing', 'installed', 'restored']);
  const rollouts = Array.from({ length: random.pick(crowded ? [2, 3] : [1, 2, 2, 3]) }, (_, i) => ({
    at:
      i === 0
        ? 0
        : crowded
          ? random.between(0, 8)
          : random.pick([0, random.between(0, 12), random.between(0, 60), random.between(0, 1800)]),
    version: random.pick(VERSIONS),
    stages: stagesOf(random, names),
  }));
  return {
    seed,
    theme,
    rollouts,
    environments: names.map((name) => ({ name, cluster: shared ? 'main' : name, before })),
    layers: layersOf(random, names),
    fares: (cluster, version) => faresOf(seeded(seed, `fares ${cluster} ${version}`)),
    rejects: (cluster, version) => version !== INSTALLED && seeded(seed, `rejects ${cluster} ${version}`).chance(0.05),
  };
}

/** What stands there from before. It was good. */
export const INSTALLED = '0.9.0';

function faresOf(random: Random): Fares {
  const drawn = random.next();
  if (drawn < 0.12) return { brokenAfter: random.between(2, 60) };
  if (drawn < 0.2) return { never: true };
  return { readyAfter: random.pick([0, 1, random.between(0, 40)]) };
}

/** Some of the names a stage; what a later stage names too belongs to the first. */
function stagesOf(random: Random, names: readonly string[]): readonly object[] {
  const count = random.int(1, Math.min(3, names.length));
  return Array.from({ length: count }, (_, i) => {
    const own = names.filter((_, place) => place % count === i);
    const isLast = i === count - 1;
    return {
      name: `stage-${i + 1}`,
      targets: isLast && random.chance(0.3) ? [{}] : own.map((name) => ({ name })),
      soakMinutes: random.pick([0, 0, 1, 5]),
      maxParallel: random.pick([1, 2, 10]),
      failureBudget: random.pick([0, 0, 1]),
      ...(random.chance(0.12) && { gate: { approvals: 1, hours: random.pick([0.2, 2]) } }),
      ...(random.chance(0.1) && { unreachable: { policy: random.pick(['wait', 'skip']), minutes: 10 } }),
      ...(random.chance(0.1) && { spreadMinutes: 3 }),
    };
  });
}

function layersOf(random: Random, names: readonly string[]): Readonly<Record<string, string>> {
  const layer = (text: string) => (random.chance(0.04) ? `broken: [${CANARY}` : text);
  const base = 'webui-service-helm-values';
  return {
    [base]: layer(`password: ${CANARY}\nreplicas: 1\n`),
    ...(random.chance(0.5) && { [`${base}.label.name.${random.pick(names)}`]: layer('replicas: 2\n') }),
    ...(random.chance(0.5) && { [`${base}.environment.${random.pick(names)}`]: layer(`key: "${CANARY}"\n`) }),
  };
}
