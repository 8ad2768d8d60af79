/**
 * Does one condition of a policy hold? Three answers: what is not understood is `unknown`, never `holds`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { isNegated, type Match, matchOf } from './match-of.ts';
import type { TrustCondition } from './trust-policy.ts';
import type { TrustContext } from './web-identity.ts';

export type ConditionAnswer =
  | { readonly verdict: 'holds' | 'fails'; readonly seen: readonly string[]; readonly because: string }
  | { readonly verdict: 'unknown'; readonly because: string };

const OPERATOR = /^(?:(?<set>ForAnyValue|ForAllValues):)?(?<base>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

/** Judges `condition` by what is known of the caller. Names of keys count without case, values as the operator says. */
export function judgeCondition(condition: TrustCondition, context: TrustContext): ConditionAnswer {
  const { operator, key, values } = condition;
  const seen = context.get(key.toLowerCase());
  if (seen === undefined) return unknown(`what AWS sees as ${key} is not known here`);
  const variable = values.find((value) => value.includes('${'));
  if (variable !== undefined) return unknown(`'${variable}' has a policy variable, which is not resolved here`);
  const { set, base = '', ifExists } = OPERATOR.exec(operator)?.groups ?? {};
  if (set !== undefined && ifExists !== undefined) return unknown(`${operator} is not understood here`);
  if (base === 'Null' && set === undefined) return answer(condition, seen, nullHolds(values, seen));
  const match = matchOf(base);
  if (match === undefined) return unknown(`the operator ${operator} is not understood here`);
  if (set === undefined && seen.length > 1)
    return unknown(`${key} has ${seen.length} values, and ${operator} asks for one`);
  if (seen.length === 0) return answer(condition, seen, ofAbsent(base, set, ifExists));
  const fits = (value: string) => fitsOne(match, isNegated(base), values, value);
  return answer(condition, seen, set === 'ForAllValues' ? seen.every(fits) : seen.some(fits));
}

/** A negated operator holds when no value matches, any other when one does. */
function fitsOne(match: Match, negated: boolean, values: readonly string[], seen: string): boolean {
  const found = values.some((value) => match(seen, value));
  return negated ? !found : found;
}

/** A key that is not there makes a comparison false, its negation true, `ForAnyValue` false and `ForAllValues` true. */
function ofAbsent(base: string, set: string | undefined, ifExists: string | undefined): boolean {
  if (set !== undefined) return set === 'ForAllValues';
  return ifExists !== undefined || isNegated(base);
}

const nullHolds = (values: readonly string[], seen: readonly string[]) =>
  values.some((value) => value.toLowerCase() === String(seen.length === 0));

function answer({ operator, key, values }: TrustCondition, seen: readonly string[], holds: boolean): ConditionAnswer {
  const found = seen.length === 0 ? 'is not there' : `is ${seen.map((value) => `'${value}'`).join(', ')}`;
  const expected = values.map((value) => `'${value}'`).join(' or ');
  const because = `${key} ${found}, and ${operator} asks for ${expected}`;
  return { verdict: holds ? 'holds' : 'fails', seen, because };
}

const unknown = (because: string): ConditionAnswer => ({ verdict: 'unknown', because });
