/** Which part of a field's path may be told, and does what stands there depend on secrets? */
import { isMap, type JsonMap } from '../json.ts';
import type { Taint } from './compare-renderings.ts';
import type { FieldPath, Step } from './field-path.ts';
import { sameJson } from './same-json.ts';

/** What is rendered of an object, and which parts of it depend on secrets. */
export interface TaintedContent {
  readonly content: JsonMap;
  readonly taint?: Taint;
}

/**
 * How many steps of the path may be told when what stands there is secret; undefined when it is not. A field that the chart did not
 * write is of whoever wrote it, unless the server may have made it of one that depends on secrets (`moved`).
 */
export function hiddenAt(
  path: FieldPath,
  { content, taint: all }: TaintedContent,
  { moved }: { readonly moved: boolean },
): number | undefined {
  if (all === undefined) return undefined;
  let here: Here = { value: content, taint: all };
  for (const [depth, step] of path.entries()) {
    if (here.taint === true) return depth;
    const there = enter(here, step);
    if (there === undefined) return moved ? depth : undefined;
    // What an item is named by may be what is secret of it.
    if (typeof step !== 'string' && namesTell(there.taint, step.item)) return depth;
    here = there;
  }
  return here.taint === undefined ? undefined : path.length;
}

interface Here {
  readonly value: unknown;
  readonly taint: Taint | undefined;
}

function enter({ value, taint }: Here, step: Step): Here | undefined {
  const key = typeof step === 'string' ? step : placeOf(value, step.item);
  const there = key === undefined ? undefined : below(value, key);
  if (key === undefined || there === undefined) return undefined;
  return { value: there, taint: taint === true ? true : taint?.get(key) };
}

function below(here: unknown, key: string): unknown {
  if (Array.isArray(here)) return here[Number(key)];
  return isMap(here) && Object.hasOwn(here, key) ? here[key] : undefined;
}

function namesTell(taint: Taint | undefined, item: string): boolean {
  if (taint === undefined || taint === true) return taint === true;
  return pairsIn(item).some(([key]) => taint.has(key));
}

/** The item's place in the list; undefined when none, or more than one, goes by that. */
function placeOf(list: unknown, item: string): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const values: readonly unknown[] = list;
  const pairs = pairsIn(item);
  const fits = values.flatMap((value, index) => (isNamed(value, pairs) || isItself(value, item) ? [index] : []));
  if (fits.length === 1) return String(fits[0]);
  return fits.length === 0 && /^\d+$/.test(item) && Number(item) < values.length ? item : undefined;
}

/** Of what the server fills in (a port's protocol), nothing is written. */
function isNamed(value: unknown, pairs: readonly (readonly [string, string])[]): boolean {
  if (!isMap(value) || pairs.length === 0) return false;
  const said = pairs.filter(([key]) => Object.hasOwn(value, key));
  return said.length > 0 && said.every(([key, text]) => textOf(value[key]) === text);
}

const isItself = (value: unknown, item: string): boolean => !isMap(value) && sameJson(JSON.stringify(value), item);
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `containerPort=80,protocol=TCP` */
function pairsIn(item: string): readonly (readonly [string, string])[] {
  return item.split(/,(?=[A-Za-z]\w*=)/).flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at), part.slice(at + 1)] as const];
  });
}
