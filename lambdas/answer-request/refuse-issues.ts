import type * as z from 'zod';
import type { Problem } from '../../contracts/api/problem.ts';
import { Refused } from './refused.ts';

type Issue = z.core.$ZodIssue;
type FieldError = NonNullable<Problem['errors']>[number];

/** Fields of the design that come with a later version: refused by name, so that nobody believes they hold. */
const LATER = ['notify'];
const MOST_ERRORS = 20;

/**
 * Refuses with a JSON pointer (RFC 6901) and a sentence per wrong field, which names the wrong value.
 * @throws Refused always
 */
export function refuseIssues(issues: readonly Issue[], input: unknown, what: string): never {
  const errors = issues.flatMap((issue) => explain(issue, input)).slice(0, MOST_ERRORS);
  const later = errors.length > 0 && errors.every(({ detail }) => detail.includes('not supported yet'));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  const detail = first === undefined ? `${what} is wrong` : `${what}: ${nameOf(first.pointer)}${first.detail}${more}`;
  throw new Refused(later ? 'not-supported-yet' : 'invalid', detail, errors);
}

function explain(issue: Issue, input: unknown): readonly FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: unknownField(key) }));
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    return [{ pointer: pointerOf(issue.path), detail: inner?.message ?? issue.message }];
  }
  return [{ pointer: pointerOf(issue.path), detail: sentence(issue, valueAt(input, issue.path)) }];
}

const unknownField = (key: string) =>
  LATER.includes(key)
    ? `'${key}' is not supported yet: leave the field out`
    : `'${key.slice(0, 60)}' is not a known field`;

function sentence(issue: Issue, value: unknown): string {
  if (issue.message.includes('not supported yet')) return issue.message;
  if (value === undefined) return issue.code === 'invalid_type' ? `is missing: ${expected(issue)}` : issue.message;
  const shown = shortOf(value, issue.path);
  if (issue.code === 'invalid_type') return `${shown === '' ? 'it' : shown} is wrong: ${expected(issue)}`;
  return issue.message.startsWith("'") || shown === '' ? issue.message : `${shown} is wrong: ${issue.message}`;
}

const expected = (issue: Extract<Issue, { code: 'invalid_type' }>) =>
  `${ARTICLES[issue.expected] ?? issue.expected} is expected`;

const ARTICLES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** Values of a chart may be secrets, and long ones help nobody: those are not repeated. */
function shortOf(value: unknown, path: readonly PropertyKey[]): string {
  if (path[0] === 'value' || path[0] === 'secret') return '';
  if (path[0] === 'values') return typeof value === 'object' ? '' : 'the value';
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'the list' : 'the object';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let at = input;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const nameOf = (pointer: string) => (pointer === '' ? '' : `${pointer} `);
