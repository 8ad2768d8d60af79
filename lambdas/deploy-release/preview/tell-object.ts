/** An object that changes, as far as it may be told: its name, its fields' paths, what stands in them. */
import type { ObjectChange } from '../../../domain/plan-diff/environment-diff.ts';
import { textOfPath } from '../../../domain/plan-diff/field-path.ts';
import type { TaintedContent } from '../../../domain/plan-diff/hidden-at.ts';
import type { addressed } from '../../../domain/plan-diff/object-name.ts';
import { type Concealing, conceal, digested } from './conceal.ts';
import { foldChanges, together } from './fold-changes.ts';
import type { TriedObject } from './try-object.ts';

/** More fields of one object are counted, not listed. */
const MAX_FIELDS = 100;

export interface ToldObject {
  /** Its address; one that depends on secrets has a digest for a name. */
  readonly address: ReturnType<typeof addressed>;
  /** What of it depends on secrets; none when none of it may be told. */
  readonly now?: TaintedContent;
  readonly before?: TaintedContent;
}

/** Undefined when nothing of it changes. */
export async function tellObject(
  concealing: Concealing,
  { address, now, before }: ToldObject,
  { live, changes }: TriedObject,
): Promise<ObjectChange | undefined> {
  if (live !== undefined && changes.length === 0) return undefined;
  const told = now === undefined ? [together(['content'], changes)] : foldChanges(changes, now, before);
  const place = [...(concealing.place ?? []), address.kind, address.name];
  const fields = await Promise.all(
    told.slice(0, MAX_FIELDS).map(async ({ tainted = false, taintedFrom = false, ...change }) => {
      const of = { ...concealing, place, tainted, taintedFrom };
      const field = await conceal(of, address.kind)(change);
      // All of an object, where only some of its fields could be told by themselves.
      return textOfPath(change.path) === '' ? { ...field, path: 'content' } : field;
    }),
  );
  const more = told.length - fields.length;
  return {
    ...address,
    change: live === undefined ? 'create' : 'update',
    fields: fields.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    ...(more > 0 && { more }),
  };
}

/** `secret (digest hmac-sha256:ab12cd34…)` in the place of a name, and of a namespace. */
export async function nameless(
  concealing: Concealing,
  { apiVersion, kind, name, namespace = '' }: ToldObject['address'],
): Promise<ToldObject['address']> {
  const shown = await digested({ ...concealing, place: [...(concealing.place ?? []), kind, 'name'] }, [
    namespace,
    name,
  ]);
  const digest = shown?.digest ?? '';
  return { apiVersion, kind, name: `secret (digest ${digest.slice(0, digest.indexOf(':') + 9)}…)` };
}
