/**
 * What of a rendered chart depends on secrets? Rendered twice with something else in the place of every secret, it differs there and
 * nowhere else (non-interference, as far as runs can show it: https://en.wikipedia.org/wiki/Non-interference_(security)).
 */
import { isMap } from '../json.ts';
import { written } from './compare-written.ts';
import type { RenderedObject } from './dry-run.ts';
import { objectId } from './gone-objects.ts';
import { sameJson } from './same-json.ts';

/** Which parts of a value depend on secrets: all of it, or some of what is below, by key or by place. */
export type Taint = true | ReadonlyMap<string, Taint>;

export type Rendered = readonly RenderedObject[];

/** By object; one that is not there is not made with every secret: its name depends on them. */
export type Steady = ReadonlyMap<string, { readonly content: RenderedObject['content']; readonly taint?: Taint }>;

export type Compared =
  | { readonly told: 'apart'; readonly steady: Steady }
  /** With the real secrets it comes out as it does with none of the others: what depends on them nobody can tell. */
  | { readonly told: 'nothing' };

/** Objects that both renderings make, and what differs inside of them. */
export function compareRenderings(one: Rendered, other: Rendered): Steady {
  const others = byId(other);
  const both = [...byId(one)].flatMap(([id, object]) => {
    const twin = others.get(id);
    // Another version of the same kind's API is told with its name.
    if (twin?.apiVersion !== object.apiVersion) return [];
    const content = written(object.content);
    const taint = differing(content, written(twin.content));
    return [[id, { content, ...(taint !== undefined && { taint }) }] as const];
  });
  return new Map(both);
}

/** Whether the `real` rendering differs from the others where they differ from each other, and nowhere else. */
export function compareReal(real: Rendered, one: Rendered, other: Rendered): Compared {
  const steady = compareRenderings(one, other);
  const objects = byId(real);
  const fits =
    sameKinds(unsteady(real, steady), unsteady(one, steady)) &&
    sameKinds(unsteady(real, steady), unsteady(other, steady)) &&
    [...steady].every(([id, { content, taint }]) => {
      const object = objects.get(id);
      return object !== undefined && sameBut(taint, written(object.content), content);
    });
  return fits ? { told: 'apart', steady } : { told: 'nothing' };
}

/** In their order; several of one name are told apart by it. */
export function byId(objects: Rendered): ReadonlyMap<string, RenderedObject> {
  const found = new Map<string, RenderedObject>();
  for (const object of objects) {
    const id = objectId(object);
    let again = id;
    for (let more = 2; found.has(again); more += 1) again = `${id} ${more}`;
    found.set(again, object);
  }
  return found;
}

function unsteady(objects: Rendered, steady: Steady): readonly string[] {
  return [...byId(objects)].flatMap(([id, { apiVersion, kind }]) => (steady.has(id) ? [] : [`${apiVersion} ${kind}`]));
}

const sameKinds = (a: readonly string[], b: readonly string[]) => sameJson(a.toSorted(), b.toSorted());

/** Where keys or lengths differ, all of it does: names and counts tell as much as values. */
function differing(a: unknown, b: unknown): Taint | undefined {
  if (sameJson(a, b)) return undefined;
  const pairs = pairsOf(a, b);
  if (pairs === undefined) return true;
  return new Map(
    pairs.flatMap(([key, left, right]) => {
      const taint = differing(left, right);
      return taint === undefined ? [] : [[key, taint] as const];
    }),
  );
}

function sameBut(taint: Taint | undefined, a: unknown, b: unknown): boolean {
  if (taint === true || sameJson(a, b)) return true;
  if (taint === undefined) return false;
  const pairs = pairsOf(a, b);
  return pairs?.every(([key, left, right]) => sameBut(taint.get(key), left, right)) ?? false;
}

/** What stands at the same places; undefined where the places are not the same. */
function pairsOf(a: unknown, b: unknown): readonly (readonly [string, unknown, unknown])[] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length ? a.map((item, index) => [String(index), item, b[index]]) : undefined;
  }
  if (!isMap(a) || !isMap(b)) return undefined;
  const keys = Object.keys(a);
  const same = keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
  return same ? keys.map((key) => [key, a[key], b[key]]) : undefined;
}
