/** Does anything read a layer? One that nobody reads is allowed, for it may be there before what it is for; it is worth a word. */
import type { Labels } from '../../target.ts';
import type { LayerOf } from './layer-names.ts';

export interface Readers {
  readonly packages: readonly string[];
  readonly environments: readonly { readonly name: string; readonly labels: Labels }[];
  /** `values.labelOrder` of `fairlead.yaml`. */
  readonly labelOrder: readonly string[];
}

/** Why nothing reads it, if so. */
export function whyUnread(
  pkg: string,
  layer: LayerOf,
  { packages, environments, labelOrder }: Readers,
): string | undefined {
  if (!packages.includes(pkg)) return `no package ${pkg} is registered`;
  if (layer.of === 'environment') {
    return environments.some(({ name }) => name === layer.name)
      ? undefined
      : `no environment ${layer.name} is registered`;
  }
  if (layer.of === 'package') return undefined;
  const { key, value } = layer;
  if (!labelOrder.includes(key))
    return `label ${key} has no layers: values.labelOrder of fairlead.yaml does not list it`;
  return environments.some(({ labels }) => labels[key] === value) ? undefined : `no environment has ${key}=${value}`;
}
