/** The values bucket's honest twin: each content is kept once, under a version of its own. */
import { createHash } from 'node:crypto';
import { type Spill, type SpilledLayers, spillKey } from '../../domain/values/layers/spill.ts';

export interface MemorySpilledLayers extends SpilledLayers {
  put(pkg: string, content: string): Promise<Spill>;
  /** Replaces what stands there, as nobody should. */
  change(at: Spill, content: string | undefined): void;
}

const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** Spilled layers in memory. */
export function memorySpilledLayers(bucket = 'values'): MemorySpilledLayers {
  const kept = new Map<string, Uint8Array>();
  const id = ({ key, versionId }: Pick<Spill, 'key' | 'versionId'>) => `${key}?${versionId}`;
  return {
    bucket,
    read: async (at) => {
      const content = kept.get(id(at));
      if (content === undefined) return { found: false, because: `which has no version ${at.versionId} (any more)` };
      return { found: true, content, sha256: sha256Of(content) };
    },
    put: async (pkg, text) => {
      const content = new TextEncoder().encode(text);
      const sha256 = sha256Of(content);
      const at = { bucket, key: spillKey(pkg, sha256), versionId: 'v1', sha256 };
      kept.set(id(at), content);
      return at;
    },
    change: (at, content) => {
      if (content === undefined) kept.delete(id(at));
      else kept.set(id(at), new TextEncoder().encode(content));
    },
  };
}
