/** Looking into JSON that somebody else wrote: what is absent or of another type is simply not there. */

export type JsonMap = Readonly<Record<string, unknown>>;

/** True for an object that is neither null nor a list. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at `path` below `value`; `undefined` when any step of it is missing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, step) => (isMap(here) ? here[step] : undefined), value);
}

/** The text at `path`; `undefined` when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The number at `path`; `undefined` when there is none. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The list at `path`; empty when there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
