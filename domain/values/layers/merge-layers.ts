/**
 * What do layers of values come to? Maps merge deep, lists and everything else replace, the last one wins: helm's
 * rule for several `-f` (https://helm.sh/docs/chart_template_guide/values_files/). A `null` stays as `null`,
 * for it is helm that removes the key with it, from the chart's own defaults too.
 */
import { isMap, type JsonMap } from '../../json.ts';

/** A map of helm values. */
export type Values = JsonMap;

/** `layers` weakest first; none gives an empty map. What is given is not changed. */
export function mergeLayers(layers: readonly Values[]): Values {
  return layers.reduce<Values>(mergeTwo, {});
}

function mergeTwo(weak: Values, strong: Values): Values {
  const merged = new Map(Object.entries(weak));
  for (const [key, value] of Object.entries(strong)) {
    const below = merged.get(key);
    merged.set(key, isMap(below) && isMap(value) ? mergeTwo(below, value) : value);
  }
  // fromEntries makes own properties of whatever they are called: a key `__proto__` is a key like any other.
  return Object.fromEntries(merged);
}
