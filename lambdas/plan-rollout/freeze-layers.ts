/** Layers as they are now: latest versions, keyed digests, and a copy of each beside the plan. */

import type { FrozenLayer } from '../../domain/items/deployment.ts';
import type { Digest, Objects, Parameters } from '../../domain/ports.ts';
import { layerCopyKey } from '../../domain/rollout/frozen-plan.ts';
import { type LayerRules, layerNames } from '../../domain/rollout/layer-names.ts';
import type { PlannedEnvironment } from '../../domain/rollout/plan.ts';

export interface LayerDeps {
  readonly parameters: Parameters;
  readonly plans: Objects;
  readonly digest: Digest;
  readonly layerRules: LayerRules;
}

const COPIES_AT_ONCE = 8;

/**
 * The layers of each environment, weakest first; a name that does not exist is skipped. Whether the bytes are YAML is
 * not asked here: a broken layer blocks its own deployments, not the plan.
 */
export async function freezeLayers(
  { parameters, plans, digest, layerRules }: LayerDeps,
  rollout: { readonly id: string; readonly package: string },
  environments: readonly PlannedEnvironment[],
): Promise<(environment: string) => readonly FrozenLayer[]> {
  const names = new Map(
    environments.map(({ environment }) => [environment.name, layerNames(layerRules, rollout.package, environment)]),
  );
  const latest = [...(await parameters.latest([...names.values()].flat()))];
  const frozen = new Map<string, FrozenLayer>();
  const freeze = async () => {
    for (let next = latest.shift(); next !== undefined; next = latest.shift()) {
      const [name, { version, value }] = next;
      const valueDigest = await digest(value);
      const copy = layerCopyKey(rollout.id, valueDigest);
      // `exists` is as good: the key is made of the content's digest.
      await plans.putOnce(copy, value);
      frozen.set(name, { name, version, digest: valueDigest, copy });
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, freeze));
  return (environment) =>
    (names.get(environment) ?? []).flatMap((name) => {
      const layer = frozen.get(name);
      return layer === undefined ? [] : [layer];
    });
}
