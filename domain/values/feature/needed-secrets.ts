/** Which secret values of environments do templates read? Only those are fetched. */

import type { ParsedTemplate } from '../ports.ts';
import { MANAGEMENT, type SecretPointer, type TenantFacts } from './facts.ts';

export interface NeededSecret {
  readonly environment: string;
  readonly key: string;
  readonly pointer: SecretPointer;
}

/**
 * A template that cannot be parsed, or that only says when it runs which key it reads, may need all of them. `environment` is the one it is
 * rendered for: what it reads of `.Env` is that one's alone, and no other's secrets are opened for it.
 */
export function neededSecrets(
  facts: TenantFacts,
  parsed: readonly ParsedTemplate[],
  environment: string,
): readonly NeededSecret[] {
  const reads = parsed.flatMap((template) => (template.ok ? template.reads : [[]]));
  const own = facts.environments.find(({ name }) => name === environment);
  const management = own?.kind === MANAGEMENT ? own : facts.environments.find(({ kind }) => kind === MANAGEMENT);
  return facts.environments.flatMap((one) => {
    const roots = [
      ...(one === own ? ['Env'] : []),
      ...(one === management ? ['Management'] : []),
      ...(one.kind === MANAGEMENT ? [] : ['Envs']),
    ];
    const paths = reads.filter(([root]) => root === undefined || roots.includes(root));
    const all = paths.some((path) => path.length < 2);
    const keys = new Set(paths.flatMap((path) => path.slice(1)));
    return Object.entries(one.secrets).flatMap(([key, pointer]) =>
      all || keys.has(key) ? [{ environment: one.name, key, pointer }] : [],
    );
  });
}
