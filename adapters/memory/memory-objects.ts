/** A bucket's honest twin: the first writer of a key wins, readers get bytes of their own. */
import type { Objects } from '../../domain/ports.ts';

export interface MemoryObjects extends Objects {
  /** Every key, sorted, for a test to look at. */
  keys(): readonly string[];
}

/** Objects in memory. */
export function memoryObjects(): MemoryObjects {
  const kept = new Map<string, Uint8Array>();
  return {
    async putOnce(key, content) {
      if (kept.has(key)) return 'exists';
      kept.set(key, typeof content === 'string' ? new TextEncoder().encode(content) : content.slice());
      return 'written';
    },
    get: async (key) => kept.get(key)?.slice(),
    keys: () => [...kept.keys()].sort(),
  };
}
