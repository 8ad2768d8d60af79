/**
 * What do a chart's templates see as `.Values`? The chart's own values with the given ones over them, where a null takes away
 * what the chart has and stays where it has nothing (https://helm.sh/docs/chart_template_guide/values_files/#deleting-a-default-key).
 * `test/e2e/chart-schemas.test.ts` holds it against helm.
 */
import { isMap, type JsonMap } from '../../json.ts';

/** `given` is what helm gets beside the chart. Neither is changed. */
export function withDefaults(defaults: JsonMap, given: JsonMap): JsonMap {
  const all = new Map(Object.entries(defaults));
  for (const [key, value] of Object.entries(given)) {
    const below = all.get(key);
    if (value === null && all.has(key)) all.delete(key);
    else all.set(key, isMap(below) && isMap(value) ? withDefaults(below, value) : value);
  }
  return Object.fromEntries(all);
}

/** Without keys that are null, at any depth of maps. */
export function withoutNulls(value: unknown): unknown {
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([, below]) => below !== null);
  return Object.fromEntries(kept.map(([key, below]) => [key, withoutNulls(below)]));
}
