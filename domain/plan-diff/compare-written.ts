/**
 * What an object would change where the cluster would not try it: what the chart writes, against what stands there. Less exact than
 * a dry run: what the server would fill in or convert is not known.
 */
import { isMap, type JsonMap } from '../json.ts';
import type { RawChange } from './diff-object.ts';
import type { FieldPath, Step } from './field-path.ts';
import { sameJson } from './same-json.ts';

/** What the object's address says already, and not what it becomes. */
const ADDRESS = ['apiVersion', 'kind', 'metadata.name', 'metadata.namespace'];

/** Only what `object` says; `live` absent: all of it is new. */
export function compareWritten(live: JsonMap | undefined, object: JsonMap): readonly RawChange[] {
  const all = below(live, written(object), []);
  return all.filter(({ path }) => !ADDRESS.includes(path.filter((step) => typeof step === 'string').join('.')));
}

function below(from: unknown, to: unknown, path: FieldPath): readonly RawChange[] {
  if (isMap(to) && Object.keys(to).length > 0 && (isMap(from) || from === undefined)) {
    return Object.entries(to).flatMap(([key, value]) => below(from?.[key], value, [...path, key]));
  }
  if (Array.isArray(to) && to.length > 0 && (Array.isArray(from) || from === undefined)) {
    const before: readonly unknown[] = Array.isArray(from) ? from : [];
    // One that got shorter, and nothing names its items, is told as a whole.
    if (before.length > to.length && nameOf(to[0]) === undefined) return [{ path, from, to }];
    return to.flatMap((item, index) => {
      const name = nameOf(item);
      const was = name === undefined ? before[index] : before.find((other) => nameOf(other) === name);
      const step: Step = { item: name === undefined ? String(index) : `name=${name}` };
      return below(was, item, [...path, step]);
    });
  }
  return sameJson(from, to) ? [] : [{ path, from, to }];
}

function nameOf(item: unknown): string | undefined {
  return isMap(item) && typeof item['name'] === 'string' ? item['name'] : undefined;
}

/** As it is kept: a Secret's `stringData` ends up in its `data`, in base64 (https://kubernetes.io/docs/concepts/configuration/secret/). */
export function written(object: JsonMap): JsonMap {
  const { stringData, ...rest } = object;
  if (object['kind'] !== 'Secret' || !isMap(stringData)) return object;
  const coded = Object.entries(stringData).map(([key, value]) => [key, toBase64(String(value))]);
  return { ...rest, data: { ...(isMap(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(coded) } };
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
