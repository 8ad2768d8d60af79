/**
 * How would an object change? Only fields that our manager owns, or would own, count: what a controller, an autoscaler
 * or a person set, and what the server fills in, is not ours to change and not shown.
 */
import { isMap, type JsonMap } from '../json.ts';
import type { KubeObject } from '../kube.ts';
import type { FieldPath, Step } from './field-path.ts';
import { bothFields, type FieldSet, type FieldStep, fieldsOf, readStep } from './field-set.ts';
import { sameJson } from './same-json.ts';

/** One field as it is and as it would be; `undefined` where it is not. Nothing is hidden yet. */
export interface RawChange {
  readonly path: FieldPath;
  readonly from: unknown;
  readonly to: unknown;
}

/** What `manager` would change of `live` to make it `would`. */
export function diffObject(live: KubeObject, would: KubeObject, manager: string): readonly RawChange[] {
  const owned = bothFields(fieldsOf(live, manager), fieldsOf(would, manager));
  // Without any field below it, a set means all there is: of the object itself that would be everybody's.
  return Object.keys(owned).length === 0 ? [] : walk(asStored(owned, live.kind), live, would, []);
}

/** By these helm knows its own (https://github.com/helm/helm/blob/main/pkg/action/validate.go): they say nothing of what changes. */
const MARKS = [
  ['metadata', 'labels', 'app.kubernetes.io/managed-by'],
  ['metadata', 'annotations', 'meta.helm.sh/release-name'],
  ['metadata', 'annotations', 'meta.helm.sh/release-namespace'],
].map((path) => JSON.stringify(path));

export const isMark = ({ path }: RawChange): boolean => MARKS.includes(JSON.stringify(path));

/** Any difference between two values, as deep as maps go. */
export function diffJson(from: unknown, to: unknown, path: FieldPath): readonly RawChange[] {
  if (sameJson(from, to)) return [];
  if (isMap(from) && isMap(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return keys.flatMap((key) => diffJson(from[key], to[key], [...path, key]));
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return from.flatMap((item, index) => diffJson(item, to[index], [...path, { item: String(index) }]));
  }
  return [{ path, from, to }];
}

/** Of a Secret, `stringData` is owned as it was written, and stands in `data` (https://kubernetes.io/docs/concepts/configuration/secret/). */
function asStored(owned: FieldSet, kind: string): FieldSet {
  const { 'f:stringData': written, ...rest } = owned;
  if (kind !== 'Secret' || written === undefined) return owned;
  return { ...rest, 'f:data': bothFields(rest['f:data'] ?? {}, written) };
}

function walk(owned: FieldSet, from: unknown, to: unknown, path: FieldPath): readonly RawChange[] {
  const below = Object.entries(owned).filter(([step]) => readStep(step).is !== 'itself');
  if (below.length === 0) return diffJson(from, to, path);
  return below.flatMap(([step, set]) => walkStep(readStep(step), set, from, to, path));
}

function walkStep(step: FieldStep, owned: FieldSet, from: unknown, to: unknown, path: FieldPath): readonly RawChange[] {
  switch (step.is) {
    case 'key':
      return walk(owned, mapOf(from)?.[step.key], mapOf(to)?.[step.key], [...path, step.key]);
    case 'place':
      return walk(owned, listOf(from)[step.index], listOf(to)[step.index], [...path, { item: String(step.index) }]);
    case 'value': {
      const item = (list: unknown) => listOf(list).find((value) => sameJson(value, step.value));
      return diffJson(item(from), item(to), [...path, { item: JSON.stringify(step.value) }]);
    }
    case 'item': {
      const [before, after] = [itemOf(from, step.keys), itemOf(to, step.keys)];
      const here: FieldPath = [...path, named(step.keys)];
      if (before !== undefined && after !== undefined) return walk(owned, before, after, here);
      return wholeItem(ownPart(owned, before), ownPart(owned, after), step.keys, here);
    }
    case 'itself':
      return [];
  }
}

/** It comes or goes as a whole, as far as it is ours; of one that says only one thing, that is what comes or goes. */
function wholeItem(from: unknown, to: unknown, keys: JsonMap, path: FieldPath): readonly RawChange[] {
  const says = Object.keys(mapOf(to ?? from) ?? {}).filter((key) => !Object.hasOwn(keys, key));
  const [only] = says;
  if (only === undefined || says.length > 1) return diffJson(from, to, path);
  return diffJson(mapOf(from)?.[only], mapOf(to)?.[only], [...path, only]);
}

/** The fields of `value` that `owned` names. */
function ownPart(owned: FieldSet, value: unknown): unknown {
  const below = Object.entries(owned).filter(([step]) => readStep(step).is !== 'itself');
  if (value === undefined || below.length === 0) return value;
  if (isMap(value)) {
    const kept = below.flatMap(([text, set]): [string, unknown][] => {
      const step = readStep(text);
      if (step.is !== 'key' || value[step.key] === undefined) return [];
      return [[step.key, ownPart(set, value[step.key])]];
    });
    return Object.fromEntries(kept);
  }
  const kept = below.flatMap(([text, set]) => {
    const step = readStep(text);
    const item = step.is === 'item' ? itemOf(value, step.keys) : step.is === 'value' ? step.value : undefined;
    return item === undefined ? [] : [ownPart(set, item)];
  });
  return kept.length === 0 ? value : kept;
}

const mapOf = (value: unknown): JsonMap | undefined => (isMap(value) ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function itemOf(list: unknown, keys: JsonMap): JsonMap | undefined {
  const fits = (item: unknown) => Object.entries(keys).every(([key, value]) => sameJson(mapOf(item)?.[key], value));
  return mapOf(listOf(list).find(fits));
}

/** `[name=web]`, `[containerPort=80,protocol=TCP]` */
function named(keys: JsonMap): Step {
  const said = Object.entries(keys).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return { item: said.join(',') };
}
