/** Parameter Store's honest twin for plain parameters: versions rise by one, a parameter made anew begins at 1. */
import type { Parameters, ParameterValue } from '../../domain/ports.ts';

export interface MemoryParameters extends Parameters {
  /** Writes the next version. */
  put(name: string, value: string): void;
  remove(name: string): void;
}

/** Parameters in memory. */
export function memoryParameters(): MemoryParameters {
  const kept = new Map<string, ParameterValue>();
  return {
    async latest(names) {
      return new Map(
        [...new Set(names)].flatMap((name): [string, ParameterValue][] => {
          const parameter = kept.get(name);
          return parameter === undefined ? [] : [[name, parameter]];
        }),
      );
    },
    put: (name, value) => void kept.set(name, { version: (kept.get(name)?.version ?? 0) + 1, value }),
    remove: (name) => void kept.delete(name),
  };
}
