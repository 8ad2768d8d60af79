/** What templates may know of environments: from a file of the user's, or from the installation. */
import * as z from 'zod';
import { Labels, Name } from '../../contracts/name.ts';
import type { EnvironmentFacts, TenantFacts } from '../../domain/values/feature/facts.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import type { Ports } from '../ports.ts';
import { readDocument } from '../read-document.ts';

const EnvironmentOfFile = z.strictObject({
  name: Name,
  kind: Name.optional(),
  labels: Labels.default({}),
  values: z.record(z.string(), z.unknown()).default({}),
  /** Keys only: a placeholder stands for each. */
  secrets: z.array(z.string()).default([]),
});

/** All environments of one tenant. */
const FactsFile = z.strictObject({ tenant: Name.optional(), environments: z.array(EnvironmentOfFile).min(1) });

/** The facts, and the environment of them that is meant. */
export interface FactsOf {
  readonly facts: TenantFacts;
  readonly environment: EnvironmentFacts;
}

/** @throws WrongInvocation naming file, line and field, or the environments that there are */
export async function factsInFile(ports: Pick<Ports, 'readFile'>, file: string, name: string): Promise<FactsOf> {
  const { tenant, environments } = await readDocument(ports, file, FactsFile);
  const facts = environments.map(({ name: of, kind, labels, values, secrets }) => ({
    ...identity(of, kind, tenant),
    ...{ labels, values },
    secrets: placeholders(secrets),
  }));
  const environment = facts.find((one) => one.name === name);
  if (environment !== undefined) return { facts: together(tenant, facts), environment };
  const names = facts.map((one) => one.name).join(', ');
  throw new WrongInvocation(`${file} has no environment '${name}': it has ${names}`);
}

const NOT_FOUND = 2;

/** As the next rollout would see them, but for the texts of secrets. @throws Failed when there is no such environment */
export async function factsOfInstallation(api: FairleadApi, name: string): Promise<FactsOf> {
  const { environments: all } = await api.environments();
  const meant = all.find((one) => one.name === name);
  if (meant === undefined) {
    throw new Failed(`there is no environment ${name}: 'fairlead environment list' tells which there are`, NOT_FOUND);
  }
  const { tenant } = meant;
  const ofTenant = all
    .filter((one) => (tenant === undefined ? one.name === name : one.tenant === tenant))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const facts = await Promise.all(
    ofTenant.map(async ({ name: of, kind, labels }): Promise<EnvironmentFacts> => {
      const { values } = await api.environmentValues(of);
      return {
        ...identity(of, kind, tenant),
        labels,
        values: Object.fromEntries(values.flatMap(({ key, value, secret }) => (secret ? [] : [[key, value]]))),
        secrets: placeholders(values.flatMap(({ key, secret }) => (secret ? [key] : []))),
      };
    }),
  );
  const environment = facts.find((one) => one.name === name);
  if (environment === undefined) throw new Failed(`environment ${name} is gone: try again`, NOT_FOUND);
  return { facts: together(tenant, facts), environment };
}

function identity(name: string, kind: string | undefined, tenant: string | undefined) {
  return { name, ...(kind !== undefined && { kind }), ...(tenant !== undefined && { tenant }) };
}

const together = (tenant: string | undefined, environments: readonly EnvironmentFacts[]): TenantFacts => ({
  v: 1,
  ...(tenant !== undefined && { tenant }),
  environments,
});

/** Nothing is read of them here. */
const placeholders = (keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, { parameter: key, version: 0, digest: '' }]));
