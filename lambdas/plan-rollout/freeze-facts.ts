/**
 * What the templates of a chart's `Feature.yaml` may know of environments, as it is now: one copy a tenant beside the plan.
 * Secret values are pointers with the keyed digest of their ciphertext, which nobody here can read.
 */
import type { Inputs } from '../../domain/items/deployment.ts';
import type { EnvironmentItem } from '../../domain/items/registry.ts';
import type { EnvironmentValueItem } from '../../domain/items/values.ts';
import { ranges } from '../../domain/keys.ts';
import type { Digest, Objects, Parameters } from '../../domain/ports.ts';
import type { Canonical } from '../../domain/rollout/frozen.ts';
import { factsCopyKey, type PlanOf } from '../../domain/rollout/frozen-plan.ts';
import type { Table } from '../../domain/table.ts';
import { tenantFacts, tenantOf } from '../../domain/values/feature/tenant-facts.ts';

export interface FactsDeps {
  readonly table: Pick<Table, 'query'>;
  readonly plans: Objects;
  readonly parameters: Parameters;
  readonly digest: Digest;
  readonly canonical: Canonical;
}

type Facts = NonNullable<Inputs['facts']>;

/** The copy that each of `environments` has; `all` is the registry. */
export async function freezeFacts(
  deps: FactsDeps,
  what: { readonly id: string; readonly of: PlanOf },
  environments: readonly EnvironmentItem[],
  all: readonly EnvironmentItem[],
): Promise<ReadonlyMap<string, Facts>> {
  const frozen = new Map<string, Facts>();
  for (const environment of environments) {
    if (frozen.has(environment.name)) continue;
    const together = tenantOf(environment, all);
    const facts = await freezeTenant(deps, what, together);
    for (const { name } of together) frozen.set(name, facts);
  }
  return frozen;
}

async function freezeTenant(
  deps: FactsDeps,
  { id, of }: { readonly id: string; readonly of: PlanOf },
  environments: readonly EnvironmentItem[],
): Promise<Facts> {
  const values = (
    await Promise.all(environments.map(({ name }) => deps.table.query(ranges.environmentValues(name))))
  ).flat();
  const digests = await digestsOf(deps, values);
  const facts = tenantFacts(environments, values, ({ parameter, version }) => digests.get(`${parameter}:${version}`));
  const text = deps.canonical(facts);
  const digest = await deps.digest(text);
  const copy = factsCopyKey(id, digest, of);
  await deps.plans.putOnce(copy, text);
  return { digest, copy };
}

/** A secret whose parameter is gone has none: whoever's template reads it is told that it is missing. */
async function digestsOf({ parameters, digest }: FactsDeps, values: readonly EnvironmentValueItem[]) {
  const digests = new Map<string, string>();
  for (const { secret } of values) {
    if (secret === undefined) continue;
    const ciphertext = await parameters.exactly(secret.parameter, secret.version);
    if (ciphertext !== undefined) digests.set(`${secret.parameter}:${secret.version}`, await digest(ciphertext));
  }
  return digests;
}
