/** Parameter Store and the values bucket as a person sees them, honestly: versions rise by one, and nobody is asked before he writes over somebody. */
import type { LayerStore, ParameterSeen, StoredVersion, VersionSeen } from '../../contracts/layer-store.ts';
import { memorySpilledLayers } from './memory-spilled-layers.ts';

export interface MemoryLayerStore extends LayerStore {
  /** Somebody else's write. */
  write(name: string, value: string, by?: string, secret?: boolean): number;
  /** Called before each write of ours, when it has been decided already. */
  beforePut: (name: string) => void;
  names(): readonly string[];
}

type Kept = StoredVersion & VersionSeen & { readonly secret: boolean };

const OPERATOR = 'arn:aws:sts::123456789012:assumed-role/fairlead-operator/ann';

/** `now` dates what is written. */
export function memoryLayerStore(now: () => Date): MemoryLayerStore {
  const kept = new Map<string, readonly Kept[]>();
  const bucket = memorySpilledLayers();
  const write = (name: string, value: string, by = OPERATOR, secret = false, from?: number) => {
    const before = kept.get(name) ?? [];
    const version = before.length + 1;
    kept.set(name, [
      ...before,
      { version, value, at: now().toISOString(), by, secret, ...(from !== undefined && { from }) },
    ]);
    return version;
  };
  const store: MemoryLayerStore = {
    write,
    beforePut: () => undefined,
    names: () => [...kept.keys()].toSorted(),
    get: async (name, version) => {
      const versions = kept.get(name) ?? [];
      const found = version === undefined ? versions.at(-1) : versions[version - 1];
      return found && { version: found.version, value: found.value };
    },
    latest: async (names) =>
      new Map(
        names.flatMap((name) => {
          const found = kept.get(name)?.at(-1);
          return found === undefined ? [] : [[name, { version: found.version, value: found.value }] as const];
        }),
      ),
    put: async ({ name, value, anew, from, secret }) => {
      store.beforePut(name);
      if (anew && kept.has(name)) return 'exists';
      return write(name, value, OPERATOR, secret !== undefined, from);
    },
    history: async (name) => (kept.get(name) ?? []).map(({ secret: _, ...one }) => one),
    list: async (beginning) =>
      [...kept].flatMap(([name, versions]): ParameterSeen[] => {
        const last = versions.at(-1);
        if (last === undefined || !name.startsWith(beginning)) return [];
        const { value: _, ...seen } = last;
        return [{ name, ...seen }];
      }),
    remove: async (name) => (kept.delete(name) ? 'removed' : 'absent'),
    bucket: () => bucket,
  };
  return store;
}
