/** What a validator of JSON Schema found, as sentences for people that never quote a value. */
import type { OutputUnit } from '@cfworker/json-schema';
import type { SchemaFault } from '../../domain/values/schema-fault.ts';

/** They only say that something below them is wrong, which is told itself. */
const WRAPPERS = new Set([
  '$ref',
  '$recursiveRef',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'dependentSchemas',
  'allOf',
  'if',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
]);

/** They say it themselves: what is below them are only attempts. */
const CHOICES = new Set(['anyOf', 'oneOf', 'not', 'contains']);

/** `place` is where the validated values stand among all. Each key is told once. */
export function faultsIn(errors: readonly OutputUnit[], place: readonly string[]): readonly SchemaFault[] {
  const choices = errors.filter(({ keyword }) => CHOICES.has(keyword));
  const told = errors.filter((error) => !WRAPPERS.has(error.keyword) && !choices.some((one) => isAttempt(error, one)));
  const faults = told.map((error) => ({
    path: [...place, ...keysOf(error.instanceLocation)],
    because: wordsFor(error),
  }));
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function isAttempt(error: OutputUnit, choice: OutputUnit): boolean {
  if (error === choice) return false;
  if (error.keywordLocation.startsWith(`${choice.keywordLocation}/`)) return true;
  // Of a schema `false` the validator says only at which value it stands.
  return error.keyword === 'false' && error.instanceLocation.startsWith(`${choice.instanceLocation}/`);
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function keysOf(location: string): string[] {
  const [, ...keys] = location.split('/');
  return keys.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** How many characters of what the schema lists are shown. */
const MOST_SHOWN = 200;

/** What the schema wants; taken from those words of the validator's that come from the schema alone. */
function wordsFor({ keyword, error }: OutputUnit): string {
  const found = (pattern: RegExp) => (pattern.exec(error)?.[1] ?? '').slice(0, MOST_SHOWN);
  const number = () => found(/ (-?[\d.e+]+)\)?\.$/);
  switch (keyword) {
    case 'type':
      return `must be ${found(/Expected "(.*)"\.$/).replaceAll('", "', ' or ')}`;
    case 'required':
      return `lacks the key ${found(/required property "(.*)"\.$/)}`;
    case 'dependentRequired':
    case 'dependencies':
      return 'lacks a key that another of its keys calls for';
    case 'enum':
      return `must be one of ${found(/any of (.*)\.$/s)}`;
    case 'const':
      return `must be ${found(/does not match (.*)\.$/s)}`;
    case 'false':
      return 'is a key that the schema does not allow';
    case 'minimum':
    case 'exclusiveMinimum':
      return `must be greater: the limit is ${number()}`;
    case 'maximum':
    case 'exclusiveMaximum':
      return `must be less: the limit is ${number()}`;
    case 'multipleOf':
      return `must be a multiple of ${number()}`;
    case 'pattern':
      return 'does not match the pattern of the schema';
    case 'format':
      return `must be of the format ${found(/format "(.*)"\.$/)}`;
    default:
      return ABOUT_SIZE[keyword] ?? `does not fit the schema (${keyword})`;
  }
}

const ABOUT_SIZE: Readonly<Record<string, string>> = {
  minLength: 'is too short',
  maxLength: 'is too long',
  minItems: 'has too few entries',
  maxItems: 'has too many entries',
  uniqueItems: 'has the same entry twice',
  minProperties: 'has too few keys',
  maxProperties: 'has too many keys',
  anyOf: 'fits none of the forms that the schema allows',
  oneOf: 'does not fit exactly one of the forms that the schema allows',
  not: 'has a form that the schema rules out',
  contains: 'lacks an entry that the schema wants',
};
