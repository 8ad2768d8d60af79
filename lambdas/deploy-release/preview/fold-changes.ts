/** Which changes of an object may be told by their paths, and which only together, for their paths or values depend on secrets. */
import type { RawChange } from '../../../domain/plan-diff/diff-object.ts';
import { type FieldPath, textOfPath } from '../../../domain/plan-diff/field-path.ts';
import { hiddenAt, type TaintedContent } from '../../../domain/plan-diff/hidden-at.ts';

export interface ToldChange extends RawChange {
  /** Both sides depend on secrets. */
  readonly tainted?: boolean;
  /** What stands there does. */
  readonly taintedFrom?: boolean;
}

/** @param before what is deployed, as far as it is known */
export function foldChanges(
  changes: readonly RawChange[],
  now: TaintedContent,
  before: TaintedContent | undefined,
): readonly ToldChange[] {
  const plain: ToldChange[] = [];
  const hidden = new Map<string, { readonly path: FieldPath; readonly of: RawChange[] }>();
  for (const change of changes) {
    const { path } = change;
    const then = hiddenAt(path, now, { moved: change.to !== undefined });
    const was = before === undefined ? undefined : hiddenAt(path, before, { moved: false });
    if (then === undefined && (was === undefined || was === path.length)) {
      plain.push({ ...change, ...(was !== undefined && { taintedFrom: true }) });
      continue;
    }
    const told = path.slice(0, Math.min(then ?? path.length, was ?? path.length));
    const found = hidden.get(textOfPath(told)) ?? { path: told, of: [] };
    found.of.push(change);
    hidden.set(textOfPath(told), found);
  }
  return [...plain, ...[...hidden.values()].map(({ path, of }) => together(path, of))];
}

/** All of them as one, which stands at `path`. */
export function together(path: FieldPath, changes: readonly RawChange[]): ToldChange {
  const [only] = changes;
  if (changes.length === 1 && only?.path.length === path.length) return { ...only, tainted: true };
  const side = (of: 'from' | 'to') => {
    const there = changes.filter((change) => change[of] !== undefined);
    return there.length === 0 ? undefined : there.map((change) => [textOfPath(change.path), change[of]]);
  };
  return { path, from: side('from'), to: side('to'), tainted: true };
}
