/**
 * Which SSM parameters hold a package's values in an environment? Names only, weakest first: the package's own,
 * then one for each label in the installation's order, then the environment's.
 */
import type { Labels } from '../target.ts';

/** Where the names of an installation's layers begin, and in which order its labels count. */
export interface LayerRules {
  /** `values.prefix` of `fairlead.yaml`: empty, or a path that ends in `/`. */
  readonly prefix: string;
  /** `values.labelOrder` of `fairlead.yaml`: weakest first. A label that is not listed has no layer. */
  readonly labelOrder: readonly string[];
}

/** The one layer that is meant: the package's own, a label's, or an environment's. */
export type LayerOf =
  | { readonly of: 'package' }
  | { readonly of: 'label'; readonly key: string; readonly value: string }
  | { readonly of: 'environment'; readonly name: string };

/** The parameter's name of one layer of `pkg`. */
export function layerName(prefix: string, pkg: string, layer: LayerOf): string {
  const base = `${prefix}${pkg}-service-helm-values`;
  if (layer.of === 'label') return `${base}.label.${layer.key}.${layer.value}`;
  return layer.of === 'environment' ? `${base}.environment.${layer.name}` : base;
}

/** Every name that a layer of `pkg` can have in `environment`, weakest first; most of them need not exist. */
export function layerNames(
  rules: LayerRules,
  pkg: string,
  environment: { readonly name: string; readonly labels: Labels },
): readonly string[] {
  const labels = rules.labelOrder.flatMap((key): LayerOf[] => {
    const value = environment.labels[key];
    return value === undefined ? [] : [{ of: 'label', key, value }];
  });
  const layers: LayerOf[] = [{ of: 'package' }, ...labels, { of: 'environment', name: environment.name }];
  return layers.map((layer) => layerName(rules.prefix, pkg, layer));
}
