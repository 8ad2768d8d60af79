/** What is wrong with a `Feature.yaml`, in sentences: place, wrong value, fix. */
import type * as z from 'zod';
import { at } from '../domain/json.ts';
import { nearest } from '../domain/nearest.ts';

export interface FeatureFault {
  /** Of `Feature.yaml`, from 1. */
  readonly line: number;
  /** `values.ingress.host.config.type`; empty for the whole. */
  readonly key: string;
  readonly because: string;
}

/** A fault before its line is known. */
export interface Wrong {
  readonly field: readonly string[];
  readonly because: string;
}

const KNOWN = {
  root: ['environmentKinds', 'dependencies', 'timeout', 'values'],
  value: ['displayName', 'description', 'required', 'config', 'computed', 'ignoreKind'],
  config: ['type', 'secret'],
  computed: ['template'],
  dependency: ['allOf', 'anyOf'],
} as const;

function knownAt(field: readonly string[]): readonly string[] {
  const [first, , third] = field;
  if (field.length === 0) return KNOWN.root;
  if (first === 'dependencies') return KNOWN.dependency;
  if (third === 'config') return KNOWN.config;
  return third === 'computed' ? KNOWN.computed : KNOWN.value;
}

/** `issue`'s sentences; `root` is what was read, `above` where the schema was put to it. */
export function wrongOf(issue: z.core.$ZodIssue, root: unknown, above: readonly string[]): readonly Wrong[] {
  const field = [...above, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownAt(field);
    return issue.keys.map((key) => ({ field: [...field, key], because: unknownField(key, known) }));
  }
  return [{ field, because: sentence(issue, valueAt(root, field)) }];
}

function unknownField(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const what = `there is no field '${key.slice(0, 60)}'`;
  return near === undefined ? `${what}: there are ${known.join(', ')}` : `${what}: is it ${near}?`;
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined || value === null) {
    return issue.code === 'invalid_type' || issue.code === 'invalid_value'
      ? `missing: ${expected(issue)}`
      : issue.message;
  }
  if (issue.code === 'invalid_type') return `${shown(value)} is ${kindOf(value)}: ${expected(issue)}`;
  if (issue.code === 'invalid_value') return `${shown(value)} is none of ${issue.values.join(', ')}`;
  if (issue.code === 'too_big') return `longer than ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return 'empty: give at least one';
  return issue.code === 'invalid_format' && !issue.message.includes("'")
    ? `${shown(value)}: ${issue.message}`
    : issue.message;
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `it is one of ${issue.values.join(', ')}`;
  const type = issue.code === 'invalid_type' ? issue.expected : '';
  if (type === 'string') return 'it is text (put it in quotes)';
  if (type === 'boolean') return 'it is true or false, without quotes';
  if (type === 'array') return 'it is a list';
  return 'it is a map';
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

const shown = (value: unknown): string =>
  typeof value === 'object' ? 'this' : `'${String(value).split('\n')[0]?.slice(0, 60)}'`;

function valueAt(root: unknown, field: readonly string[]): unknown {
  return field.reduce<unknown>((here, step) => (Array.isArray(here) ? here[Number(step)] : at(here, step)), root);
}
