/** What templates may know of the environments of one tenant, from the registry and the environments' values. */
import type { EnvironmentItem } from '../../items/registry.ts';
import type { EnvironmentValueItem } from '../../items/values.ts';
import type { EnvironmentFacts, SecretPointer, TenantFacts } from './facts.ts';

/** Environments that know of each other: those of the same tenant, or one alone that has none. */
export function tenantOf(
  { name, tenant }: Pick<EnvironmentItem, 'name' | 'tenant'>,
  all: readonly EnvironmentItem[],
): readonly EnvironmentItem[] {
  return all
    .filter((one) => (tenant === undefined ? one.name === name : one.tenant === tenant))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `digestOf`: keyed digest of the ciphertext of a secret's parameter at its version; a secret without one is left out. */
export function tenantFacts(
  environments: readonly EnvironmentItem[],
  values: readonly EnvironmentValueItem[],
  digestOf: (secret: NonNullable<EnvironmentValueItem['secret']>) => string | undefined,
): TenantFacts {
  const tenant = environments[0]?.tenant;
  const facts = environments.map(({ name, kind, tenant: of, labels }): EnvironmentFacts => {
    const own = values.filter(({ environment }) => environment === name);
    const secrets = own.flatMap(({ key, secret }): [string, SecretPointer][] => {
      const digest = secret && digestOf(secret);
      return secret === undefined || digest === undefined ? [] : [[key, { ...secret, digest }]];
    });
    return {
      name,
      ...(kind !== undefined && { kind }),
      ...(of !== undefined && { tenant: of }),
      labels,
      values: Object.fromEntries(own.flatMap(({ key, value, secret }) => (secret === undefined ? [[key, value]] : []))),
      secrets: Object.fromEntries(secrets),
    };
  });
  return { v: 1, ...(tenant !== undefined && { tenant }), environments: facts };
}
