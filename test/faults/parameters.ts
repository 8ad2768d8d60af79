/** Parameter Store with all versions of each parameter, as the planner and Step Functions ask for them. */
import type { Parameters } from '../../domain/ports.ts';

export interface SimParameters extends Parameters {
  put(name: string, value: string): void;
  /** What is made anew later begins at version 1 again. */
  remove(name: string): void;
  names(): readonly string[];
  /** `ssm:GetParameters` with `name:version`. */
  get(names: readonly string[]): object;
}

export function simParameters(): SimParameters {
  const kept = new Map<string, string[]>();
  return {
    async latest(names) {
      const found = [...new Set(names)].flatMap((name) => {
        const versions = kept.get(name) ?? [];
        const value = versions.at(-1);
        return value === undefined ? [] : [[name, { version: versions.length, value, secret: false }] as const];
      });
      return new Map(found);
    },
    exactly: async (name, version) => kept.get(name)?.[version - 1],
    put: (name, value) => void kept.set(name, [...(kept.get(name) ?? []), value]),
    remove: (name) => void kept.delete(name),
    names: () => [...kept.keys()],
    get(asked) {
      const found = asked.map((one) => {
        const at = one.lastIndexOf(':');
        const [Name, Version] = [one.slice(0, at), Number(one.slice(at + 1))];
        return { one, Name, Version, Value: kept.get(Name)?.[Version - 1] };
      });
      return {
        Parameters: found.flatMap(({ one: _, ...rest }) => (rest.Value === undefined ? [] : [rest])),
        InvalidParameters: found.flatMap(({ one, Value }) => (Value === undefined ? [one] : [])),
      };
    },
  };
}
