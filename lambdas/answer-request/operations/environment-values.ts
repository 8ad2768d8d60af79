import { EnvironmentValueBody, type EnvironmentValueView } from '../../../contracts/api/environment-value.ts';
import { nameOf } from '../../../domain/callers/principal.ts';
import { commit } from '../../../domain/commit.ts';
import type { EnvironmentItem } from '../../../domain/items/registry.ts';
import type { EnvironmentValueItem } from '../../../domain/items/values.ts';
import { keys, ranges } from '../../../domain/keys.ts';
import { unchanged } from '../../../domain/table.ts';
import { putValue, removeValue, type ValueWish } from '../../../domain/values/feature/environment-values.ts';
import { environmentSecretName } from '../../../domain/values/secrets/environment-secret.ts';
import { type Answer, bodyOf, type Call } from '../call.ts';
import type { Deps } from '../deps.ts';
import { Refused } from '../refused.ts';
import { ifMatch } from '../write-registry.ts';

/** GET /environments/{environment}/values */
export async function listEnvironmentValues({ table }: Deps, { environment }: Call): Promise<Answer> {
  await standingOf({ table }, environment);
  const values = await table.query(ranges.environmentValues(environment));
  return { status: 200, body: { values: values.map(viewOf) } };
}

/**
 * PUT /environments/{environment}/values/{key}: 201 new, 200 changed or the same. A secret's text goes to Parameter Store and
 * nowhere else. It is written first: a parameter's version that no value points to changes nothing.
 */
export async function putEnvironmentValue(deps: Deps, call: Call): Promise<Answer> {
  const { table, patience, now } = deps;
  const { environment, key } = call;
  const { value, secret } = bodyOf(call, EnvironmentValueBody);
  const told = { updatedAt: now().toISOString(), updatedBy: nameOf(call.caller.principal) };
  const wish = { environment, key, ifMatch: ifMatch(call), ...told };
  await standingOf(deps, environment);
  const kept = secret ? { secret: await keepSecret(deps, wish, String(value)) } : { value };
  const answer = await commit(table, patience, async () => {
    const there = await standingOf(deps, environment);
    const result = putValue(await valuesOf(deps, environment), { ...wish, ...kept });
    const writes = 'writes' in result ? result.writes : [];
    // An environment that goes takes its values along: none may come behind it.
    return { writes: writes.length === 0 ? [] : [...writes, unchanged(keys.environment(environment), there)], result };
  });
  if (!('item' in answer)) throw new Refused(answer.answer, answer.because);
  return { status: answer.answer === 'created' ? 201 : 200, body: viewOf(answer.item) };
}

/** What would be refused anyway is not written. @throws Refused */
async function keepSecret(deps: Deps, wish: ValueWish, text: string) {
  const { environment, key } = wish;
  const parameter = environmentSecretName(deps.installation.values.prefix, environment, key);
  const likely = putValue(await valuesOf(deps, environment), { ...wish, secret: { parameter, version: 0 } });
  if (!('item' in likely)) throw new Refused(likely.answer, likely.because);
  const written = await deps.keepSecret(parameter, text);
  if (!written.kept) throw new Refused('unavailable', written.because);
  return { parameter, version: written.version };
}

/** DELETE /environments/{environment}/values/{key}: 204. */
export async function deleteEnvironmentValue({ table, patience }: Deps, call: Call): Promise<Answer> {
  const { environment, key } = call;
  const match = ifMatch(call);
  const answer = await commit(table, patience, async () => {
    const result = removeValue(environment, key, await table.get(keys.environmentValue(environment, key)), match);
    return { writes: 'writes' in result ? result.writes : [], result };
  });
  if (answer.answer !== 'removed') throw new Refused(answer.answer, answer.because);
  return { status: 204 };
}

const valuesOf = ({ table }: Pick<Deps, 'table'>, environment: string) =>
  table.query(ranges.environmentValues(environment));

/** @throws Refused when there is no such environment */
async function standingOf({ table }: Pick<Deps, 'table'>, environment: string): Promise<EnvironmentItem> {
  const found = await table.get(keys.environment(environment));
  if (found !== undefined) return found;
  throw new Refused('not-found', `environment ${environment} is not registered`);
}

function viewOf(item: EnvironmentValueItem): EnvironmentValueView {
  const { environment, key, value, secret, rev: revision, updatedAt, updatedBy } = item;
  const shown = secret === undefined ? { value, secret: false } : { ...secret, secret: true };
  return { environment, key, ...shown, revision, updatedAt, updatedBy };
}
