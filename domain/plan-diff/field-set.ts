/**
 * Which fields of an object are a manager's, as `metadata.managedFields` says (FieldsV1:
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/, https://github.com/kubernetes-sigs/structured-merge-diff): `f:` a key of a
 * map, `k:` the item of a list with these keys, `v:` an item of a set, `i:` an item by its place, `.` the thing itself.
 */
import { isMap, type JsonMap, listAt, textAt } from '../json.ts';
import type { KubeObject } from '../kube.ts';

/** By FieldsV1's own words; a field without any below it is owned as a whole. */
export interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** The fields that `manager` owns by applying, or by updating as helm did before it applied; none of a subresource. */
export function fieldsOf(object: KubeObject | undefined, manager: string): FieldSet {
  const entries = listAt(object, 'metadata', 'managedFields').filter(
    (entry) => textAt(entry, 'manager') === manager && textAt(entry, 'subresource') === undefined,
  );
  const sets = entries.map((entry) => setIn(isMap(entry) ? entry['fieldsV1'] : undefined));
  return sets.reduce(bothFields, {});
}

/** All of either. */
export function bothFields(a: FieldSet, b: FieldSet): FieldSet {
  const steps = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(steps.map((step) => [step, bothFields(a[step] ?? {}, b[step] ?? {})]));
}

function setIn(fields: unknown): FieldSet {
  if (!isMap(fields)) return {};
  return Object.fromEntries(Object.entries(fields).map(([step, below]) => [step, setIn(below)]));
}

/** What a step of a field set means. */
export type FieldStep =
  | { readonly is: 'key'; readonly key: string }
  | { readonly is: 'item'; readonly keys: JsonMap }
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'place'; readonly index: number }
  | { readonly is: 'itself' };

/** Reads `f:image`, `k:{"name":"web"}` and the like; what it does not know is the thing itself. */
export function readStep(step: string): FieldStep {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return { is: 'key', key: rest };
  if (step.startsWith('i:')) return { is: 'place', index: Number(rest) };
  if (!step.startsWith('k:') && !step.startsWith('v:')) return { is: 'itself' };
  const value = parsed(rest);
  if (step.startsWith('v:')) return { is: 'value', value };
  return isMap(value) ? { is: 'item', keys: value } : { is: 'itself' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
