/**
 * Layers as they are now: latest versions, keyed digests, and a copy of each beside the plan. Layers of secrets are
 * frozen by their ciphertext, which nobody here can read, and have no copy.
 */

import type { FrozenLayer, FrozenSecretLayer, Inputs } from '../../domain/items/deployment.ts';
import type { Digest, Objects, Parameters, ParameterValue } from '../../domain/ports.ts';
import { layerCopyKey, type PlanOf } from '../../domain/rollout/frozen-plan.ts';
import type { PlannedEnvironment } from '../../domain/rollout/plan.ts';
import { type LayerPlace, type LayerRules, layersOf } from '../../domain/values/layers/layer-names.ts';
import type { SpilledLayers } from '../../domain/values/layers/spill.ts';
import { misplacedSecret } from '../../domain/values/secrets/misplaced-secret.ts';
import { fetchSpilled } from './fetch-spilled.ts';

export interface LayerDeps {
  readonly parameters: Parameters;
  readonly plans: Objects;
  readonly digest: Digest;
  readonly layerRules: LayerRules;
  /** Where layers stand that parameters only point to. */
  readonly spilled: SpilledLayers;
}

/** Whose layers: a rollout's, or those of a plan by itself. */
interface For {
  readonly id: string;
  readonly of: PlanOf;
  readonly package: string;
}

type Layers = Pick<Inputs, 'layers' | 'secretLayers'>;

export type FrozenLayers =
  | { readonly ok: true; readonly of: (environment: string) => Layers }
  /** A parameter points to a layer that is not there, or not what it was. */
  | { readonly ok: false; readonly because: string };

const COPIES_AT_ONCE = 8;

/**
 * The layers of each environment, weakest first; a name that does not exist is skipped. Whether the bytes are YAML is
 * not asked here: a broken layer blocks its own deployments, not the plan. A layer that a parameter only points to is frozen
 * itself, by the digest of what it says.
 */
export async function freezeLayers(
  deps: LayerDeps,
  what: For,
  environments: readonly PlannedEnvironment[],
): Promise<FrozenLayers> {
  const places = new Map(
    environments.map(({ environment }) => [environment.name, layersOf(deps.layerRules, what.package, environment)]),
  );
  const all = [...places.values()].flat();
  const latest = await deps.parameters.latest(all.map(({ name }) => name));
  const misplaced = all.flatMap((place) => {
    const found = latest.get(place.name);
    return (found && misplacedSecret(place, found)) ?? [];
  });
  if (misplaced.length > 0) return { ok: false, because: [...new Set(misplaced)].toSorted().join('; ') };
  const secret = new Set(all.flatMap((place) => (place.secret ? [place.name] : [])));
  const plain = await freezeCopies(
    deps,
    what,
    [...latest].filter(([name]) => !secret.has(name)),
  );
  if (!plain.ok) return plain;
  const sealed = new Map<string, Omit<FrozenSecretLayer, 'after'>>();
  for (const [name, { version, value }] of latest) {
    if (secret.has(name)) sealed.set(name, { name, version, digest: await deps.digest(value) });
  }
  return { ok: true, of: (environment) => joined(places.get(environment) ?? [], plain.frozen, sealed) };
}

type Copies =
  | { readonly ok: true; readonly frozen: ReadonlyMap<string, FrozenLayer> }
  | { readonly ok: false; readonly because: string };

async function freezeCopies(
  { plans, digest, spilled }: LayerDeps,
  { id, of, package: pkg }: For,
  latest: [string, ParameterValue][],
): Promise<Copies> {
  const frozen = new Map<string, FrozenLayer>();
  const broken: string[] = [];
  const freeze = async () => {
    for (let next = latest.shift(); next !== undefined; next = latest.shift()) {
      const [name, parameter] = next;
      const found = await fetchSpilled(spilled, pkg, name, parameter);
      if (!found.ok) {
        broken.push(found.because);
        continue;
      }
      const valueDigest = await digest(found.content);
      const copy = layerCopyKey(id, valueDigest, of);
      // `exists` is as good: the key is made of the content's digest.
      await plans.putOnce(copy, found.content);
      frozen.set(name, { name, version: parameter.version, digest: valueDigest, copy });
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, freeze));
  return broken.length === 0 ? { ok: true, frozen } : { ok: false, because: broken.toSorted().join('; ') };
}

/** Those that exist; each secret one knows how many of the others it goes after. */
function joined(
  places: readonly LayerPlace[],
  plain: ReadonlyMap<string, FrozenLayer>,
  sealed: ReadonlyMap<string, Omit<FrozenSecretLayer, 'after'>>,
): Layers {
  const layers: FrozenLayer[] = [];
  const secretLayers: FrozenSecretLayer[] = [];
  for (const { name } of places) {
    const layer = plain.get(name);
    if (layer !== undefined) layers.push(layer);
    const secret = sealed.get(name);
    if (secret !== undefined) secretLayers.push({ ...secret, after: layers.length });
  }
  return { layers, ...(secretLayers.length > 0 && { secretLayers }) };
}
