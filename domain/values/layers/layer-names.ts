/**
 * Which SSM parameters hold a package's values in an environment? Names only, weakest first: the package's own,
 * then one for each label in the installation's order, then the environment's. Each may have a layer of secrets beside
 * it, which goes before it.
 */
import type { Labels } from '../../target.ts';

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

/** A layer that may exist. */
export interface LayerPlace {
  /** The parameter's name. */
  readonly name: string;
  readonly layer: LayerOf;
  readonly secret: boolean;
}

/** The parameter's name of one layer of `pkg`. */
export function layerName(prefix: string, pkg: string, layer: LayerOf, secret = false): string {
  const base = `${prefix}${pkg}-service-helm-${secret ? 'secrets' : 'values'}`;
  if (layer.of === 'label') return `${base}.label.${layer.key}.${layer.value}`;
  return layer.of === 'environment' ? `${base}.environment.${layer.name}` : base;
}

type Place = { readonly name: string; readonly labels: Labels };

/** Every layer that `pkg` can have in `environment`, weakest first; most of them need not exist. */
export function layersOf(rules: LayerRules, pkg: string, environment: Place): readonly LayerPlace[] {
  const labels = rules.labelOrder.flatMap((key): LayerOf[] => {
    const value = environment.labels[key];
    return value === undefined ? [] : [{ of: 'label', key, value }];
  });
  const layers: LayerOf[] = [{ of: 'package' }, ...labels, { of: 'environment', name: environment.name }];
  return layers.flatMap((layer) =>
    [false, true].map((secret) => ({ name: layerName(rules.prefix, pkg, layer, secret), layer, secret })),
  );
}

/** The names of those that are no secrets. */
export function layerNames(rules: LayerRules, pkg: string, environment: Place): readonly string[] {
  return layersOf(rules, pkg, environment).flatMap(({ name, secret }) => (secret ? [] : [name]));
}

/** Which package and layer a parameter of this name holds, if any, and what stands before it. */
export function layerNamed(
  name: string,
): ({ readonly package: string; readonly prefix: string } & LayerPlace) | undefined {
  const prefix = name.slice(0, name.lastIndexOf('/') + 1);
  const match =
    /^([a-z0-9-]+)-service-helm-(values|secrets)(?:\.(label|environment)\.([a-z0-9-]+)(?:\.([a-z0-9-]+))?)?$/.exec(
      name.slice(prefix.length),
    );
  const [, pkg, what, kind, key, value] = match ?? [];
  if (pkg === undefined) return undefined;
  const found = { package: pkg, prefix, name, secret: what === 'secrets' };
  if (kind === undefined) return { ...found, layer: { of: 'package' } };
  if (kind === 'environment' && key !== undefined && value === undefined) {
    return { ...found, layer: { of: 'environment', name: key } };
  }
  if (kind !== 'label' || key === undefined || value === undefined) return undefined;
  return { ...found, layer: { of: 'label', key, value } };
}
