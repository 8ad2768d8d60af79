/** Puts what references came to in their places. */
import { isMap, type JsonMap } from '../../json.ts';
import { type Path, pathId } from '../effective.ts';
import { configTrouble, type Read, readAs } from '../feature/config-trouble.ts';
import type { ConfigType } from '../feature/feature.ts';
import { readReference } from './reference.ts';

/** Stands where a secret would, when secrets are not read. */
export const PLACEHOLDER = 'secret (not read)';

export const isReference = (value: unknown): boolean =>
  typeof value === 'string' && readReference(value).is !== 'plain';

/** `value` with each reference in it replaced; one that was not read by a placeholder. */
export function replaceReferences(value: unknown, references: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return isReference(value) ? (references.get(value) ?? PLACEHOLDER) : value;
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, references));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, replaceReferences(below, references)]));
}

/** A configured value as its type wants it, references replaced. */
export function configured(type: ConfigType, set: unknown, references: ReadonlyMap<string, string>): Read {
  if (set === null) return { ok: true, value: null };
  if (typeof set === 'string' && isReference(set) && type !== 'string_array') {
    const text = references.get(set);
    return text === undefined ? { ok: true, value: PLACEHOLDER } : readAs(type, text);
  }
  const because = configTrouble(type, set);
  return because === undefined ? { ok: true, value: replaceReferences(set, references) } : { ok: false, because };
}

/** `values` with what stands at each path of `by` (`pathId`) replaced. */
export function replaceAt(values: JsonMap, by: ReadonlyMap<string, unknown>): JsonMap {
  if (by.size === 0) return values;
  const visit = (map: JsonMap, path: Path): JsonMap =>
    Object.fromEntries(
      Object.entries(map).map(([key, below]) => {
        const here = [...path, key];
        const id = pathId(here);
        if (by.has(id)) return [key, by.get(id)];
        return [key, isMap(below) ? visit(below, here) : below];
      }),
    );
  return visit(values, []);
}
