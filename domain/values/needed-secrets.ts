/** Which secret values of environments do templates read? Only those are fetched. */
import type { SecretPointer, TenantFacts } from './facts.ts';
import type { ParsedTemplate } from './ports.ts';

export interface NeededSecret {
  readonly environment: string;
  readonly key: string;
  readonly pointer: SecretPointer;
}

/** Where a template may look for values of environments. */
const OF_ENVIRONMENTS = ['Env', 'Envs', 'Management'];

/** A template that cannot be parsed, or that only says when it runs which key it reads, may need all of them. */
export function neededSecrets(facts: TenantFacts, parsed: readonly ParsedTemplate[]): readonly NeededSecret[] {
  const reads = parsed.map((template) => (template.ok ? template.reads : [[]]));
  const paths = reads.flat().filter(([root]) => root === undefined || OF_ENVIRONMENTS.includes(root));
  const all = paths.some((path) => path.length < 2);
  const keys = new Set(paths.flatMap((path) => path.slice(1)));
  return facts.environments.flatMap(({ name: environment, secrets }) =>
    Object.entries(secrets).flatMap(([key, pointer]) => (all || keys.has(key) ? [{ environment, key, pointer }] : [])),
  );
}
