/** Secret environment values that templates need and that were not read. */

import type { TenantFacts } from '../feature/facts.ts';
import type { FeatureValue } from '../feature/feature.ts';
import { type NeededSecret, neededSecrets } from '../feature/needed-secrets.ts';
import type { Config } from '../feature/read-config.ts';
import type { ParsedTemplate } from '../ports.ts';
import { type ResolveInput, secretFactId } from '../resolve-input.ts';

/** Why the templates of `values` cannot run, when secrets they need are missing. */
export async function unreadFact(input: ResolveInput, values: readonly FeatureValue[]): Promise<string | undefined> {
  const { facts, unread, engine } = input;
  if (facts === undefined || unread !== undefined || notRead(input, facts).length === 0) return undefined;
  // One that cannot be parsed says so itself when it is to run.
  const parsed = (await engine.parse(templatesOf(values))).filter(({ ok }) => ok);
  const [first] = neededSecrets(facts, parsed, input.environment.name).filter((secret) => isUnread(input, secret));
  if (first === undefined) return undefined;
  const { environment, key, pointer } = first;
  return `environment value ${key} of ${environment} is a secret that was not read (${pointer.parameter} version ${pointer.version})`;
}

/** Keys of those `values` whose templates see a secret: what they come to without it says nothing. */
export async function seeSecrets(
  { facts, engine, environment }: ResolveInput,
  { configs }: Config,
  values: readonly FeatureValue[],
): Promise<ReadonlySet<string>> {
  const seesConfig = (reads: readonly (readonly string[])[]) =>
    reads.some(([root, key]) => root === 'Configs' && (key === undefined || configs.get(key)?.secret === true));
  const sees = (template: ParsedTemplate) =>
    template.ok &&
    (seesConfig(template.reads) ||
      (facts !== undefined && neededSecrets(facts, [template], environment.name).length > 0));
  const parsed = await engine.parse(templatesOf(values));
  return new Set(parsed.filter(sees).map(({ key }) => key));
}

function notRead(input: ResolveInput, facts: TenantFacts): readonly string[] {
  return facts.environments.flatMap(({ name, secrets }) =>
    Object.keys(secrets).filter((key) => !input.secretFacts.has(secretFactId(name, key))),
  );
}

const isUnread = ({ secretFacts }: ResolveInput, { environment, key }: NeededSecret) =>
  !secretFacts.has(secretFactId(environment, key));

const templatesOf = (values: readonly FeatureValue[]) =>
  values.flatMap(({ key, computed }) => (computed === undefined ? [] : [{ key, template: computed.template }]));
