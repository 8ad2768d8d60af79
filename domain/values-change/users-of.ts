/** Where is a layer used? The package's own everywhere, a label's where the label is, an environment's there. */
import type { EnvironmentItem } from '../items/registry.ts';
import { type LayerPlace, type LayerRules, layersOf } from '../values/layers/layer-names.ts';

export interface LayerUser {
  readonly environment: EnvironmentItem;
  /** Those of the layers that it uses. */
  readonly places: readonly LayerPlace[];
}

/** The environments that use one of `names`, each with those that it uses. */
export function usersOf(
  rules: LayerRules,
  pkg: string,
  environments: readonly EnvironmentItem[],
  names: readonly string[],
): readonly LayerUser[] {
  const wanted = new Set(names);
  return environments.flatMap((environment): LayerUser[] => {
    const places = layersOf(rules, pkg, environment).filter(({ name }) => wanted.has(name));
    return places.length === 0 ? [] : [{ environment, places }];
  });
}
