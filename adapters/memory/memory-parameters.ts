/** Parameter Store's honest twin: versions rise by one, a parameter made anew begins at 1. */
import { createHash } from 'node:crypto';
import type { Parameters } from '../../domain/ports.ts';

export interface MemoryParameters extends Parameters {
  /** Writes the next version. What is secret reads as a ciphertext of its own. */
  put(name: string, value: string, secret?: boolean): void;
  remove(name: string): void;
}

/** Parameters in memory. */
export function memoryParameters(): MemoryParameters {
  const kept = new Map<string, readonly { readonly value: string; readonly secret: boolean }[]>();
  return {
    async latest(names) {
      const found = [...new Set(names)].map((name) => ({ name, versions: kept.get(name) ?? [] }));
      return new Map(
        found.flatMap(({ name, versions }) => {
          const last = versions.at(-1);
          return last === undefined ? [] : [[name, { version: versions.length, ...last }]];
        }),
      );
    },
    exactly: async (name, version) => kept.get(name)?.[version - 1]?.value,
    put: (name, value, secret = false) => {
      const sealed = secret ? `sealed:${createHash('sha256').update(value).digest('hex')}` : value;
      kept.set(name, [...(kept.get(name) ?? []), { value: sealed, secret }]);
    },
    remove: (name) => void kept.delete(name),
  };
}
