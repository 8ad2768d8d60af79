/**
 * What differs between a plan that somebody looked at and the one that would be carried out now? Named by what people can
 * do something about: the chart, layers of values, what templates know, environments that came or went.
 */
import type { FrozenLayer, FrozenSecretLayer, Inputs } from '../items/deployment.ts';
import { placeId } from '../registry/place.ts';
import type { FrozenDeployment, FrozenPlan } from '../rollout/frozen-plan.ts';

export interface PlanDifference {
  readonly what: string;
  readonly environments: readonly string[];
}

type Compared = Pick<FrozenPlan, 'deployments'>;

/** Each difference once, with the environments that it concerns; none when both carry the same inputs to the same places. */
export function comparePlans(before: Compared, now: Compared): readonly PlanDifference[] {
  const [old, fresh] = [before, now].map(
    ({ deployments }) => new Map(deployments.map((one) => [one.environment, one])),
  );
  const names = new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])]);
  const found = new Map<string, string[]>();
  for (const name of [...names].sort()) {
    for (const what of between(old?.get(name), fresh?.get(name))) found.set(what, [...(found.get(what) ?? []), name]);
  }
  return [...found].map(([what, environments]) => ({ what, environments }));
}

function between(before: FrozenDeployment | undefined, now: FrozenDeployment | undefined): readonly string[] {
  if (before === undefined) return ['was not in it'];
  if (now === undefined) return ['is not reached any more'];
  const [from, to] = [placeId(before.place), placeId(now.place)];
  const stage = [
    ...(before.stage === now.stage ? [] : [`stage ${before.stage} → ${now.stage}`]),
    ...(from === to ? [] : [`place ${from} → ${to}`]),
  ];
  if (before.inputs.digest === now.inputs.digest) return stage;
  const inputs = [
    ...chartOf(before.inputs, now.inputs),
    ...layersOf('layer', before.inputs.layers, now.inputs.layers),
    ...layersOf('layer of secrets', before.inputs.secretLayers ?? [], now.inputs.secretLayers ?? []),
    ...(before.inputs.facts?.digest === now.inputs.facts?.digest ? [] : [FACTS]),
  ];
  return [...stage, ...(inputs.length > 0 ? inputs : ["the rollout's own values"])];
}

const FACTS = "what the chart's templates know: the tenant's environments and their values";

function chartOf(before: Inputs, now: Inputs): readonly string[] {
  if (before.chartDigest === now.chartDigest) return [];
  const [from, to] = [before, now].map(({ version, chartDigest }) => `${version} (${chartDigest.slice(0, 19)}…)`);
  return [`chart ${from} → ${to}`];
}

type Layer = Pick<FrozenLayer | FrozenSecretLayer, 'name' | 'version' | 'digest'>;

function layersOf(kind: string, before: readonly Layer[], now: readonly Layer[]): readonly string[] {
  const old = new Map(before.map((layer) => [layer.name, layer]));
  const fresh = new Map(now.map((layer) => [layer.name, layer]));
  const gone = before.filter(({ name }) => !fresh.has(name)).map(({ name }) => `${kind} ${name} is gone`);
  const changed = now.flatMap(({ name, version, digest }) => {
    const was = old.get(name);
    if (was === undefined) return [`${kind} ${name} is new (version ${version})`];
    if (was.digest === digest) return [];
    if (was.version === version) return [`${kind} ${name} was made anew (version ${version} again)`];
    return [`${kind} ${name} version ${was.version} → ${version}`];
  });
  return [...gone, ...changed];
}

const MOST_SAID = 6;
const MOST_NAMED = 5;

/** The differences as one sentence, of very many the first few. */
export function differencesText(differences: readonly PlanDifference[]): string {
  const said = differences.slice(0, MOST_SAID).map(({ what, environments }) => `${what} (${named(environments)})`);
  const more = differences.length - said.length;
  return `${said.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function named(environments: readonly string[]): string {
  const more = environments.length - MOST_NAMED;
  return `${environments.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
