/** Parameter Store's honest twin for plain parameters: versions rise by one, a parameter made anew begins at 1. */
import type { Parameters } from '../../domain/ports.ts';

export interface MemoryParameters extends Parameters {
  /** Writes the next version. */
  put(name: string, value: string): void;
  remove(name: string): void;
}

/** Parameters in memory. */
export function memoryParameters(): MemoryParameters {
  const kept = new Map<string, readonly string[]>();
  return {
    async latest(names) {
      const found = [...new Set(names)].map((name) => ({ name, versions: kept.get(name) ?? [] }));
      return new Map(
        found.flatMap(({ name, versions }) => {
          const value = versions.at(-1);
          return value === undefined ? [] : [[name, { version: versions.length, value }]];
        }),
      );
    },
    exactly: async (name, version) => kept.get(name)?.[version - 1],
    put: (name, value) => void kept.set(name, [...(kept.get(name) ?? []), value]),
    remove: (name) => void kept.delete(name),
  };
}
