/** May a value of an environment be set or taken away so? The text of a secret never comes here: only where it is kept. */
import type { EnvironmentValueItem } from '../../items/values.ts';
import { keys } from '../../keys.ts';
import { sameContent } from '../../registry/same-content.ts';
import { remove, type Write, write } from '../../table.ts';

/** Templates see them beside the values. */
const TAKEN = ['name', 'kind', 'labels'];
/** All of them go into each plan of the tenant. */
const MOST_VALUES = 200;

/** Why an environment's value cannot be called so; undefined when it can. */
export function environmentKeyTrouble(key: string): string | undefined {
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(key)) return "a key has 1 to 100 of letters, digits, '_', '.' and '-'";
  if (key === '__proto__') return "'__proto__' is no key: choose another";
  return TAKEN.includes(key) ? `'${key}' is what the environment itself has: choose another key` : undefined;
}

/** Either `value` or `secret`. */
export type ValueWish = Pick<
  EnvironmentValueItem,
  'environment' | 'key' | 'value' | 'secret' | 'updatedAt' | 'updatedBy'
> & {
  readonly ifMatch?: number | undefined;
};

export type PutValueAnswer =
  | {
      readonly answer: 'created' | 'changed' | 'same';
      readonly item: EnvironmentValueItem;
      readonly writes: readonly Write[];
    }
  | { readonly answer: 'revision-differs' | 'conflict'; readonly because: string };

/** `all` are those that the environment has. A secret is never the same: nobody can tell. */
export function putValue(all: readonly EnvironmentValueItem[], { ifMatch, ...wish }: ValueWish): PutValueAnswer {
  const current = all.find(({ key }) => key === wish.key);
  const because = otherRevision(wish.key, current, ifMatch);
  if (because !== undefined) return { answer: 'revision-differs', because };
  if (current === undefined && all.length >= MOST_VALUES) {
    return {
      answer: 'conflict',
      because: `${wish.environment} has ${all.length} values already: take some away first`,
    };
  }
  const item: Omit<EnvironmentValueItem, 'rev'> = { type: 'environmentValue', v: 1, ...wish };
  const told = { updatedAt: '', updatedBy: '' };
  if (current !== undefined && sameContent({ ...current, ...told }, { ...item, ...told })) {
    return { answer: 'same', item: current, writes: [] };
  }
  const answer = current === undefined ? 'created' : 'changed';
  const writes = [write(keys.environmentValue(wish.environment, wish.key), current, item)];
  return { answer, item: { ...item, rev: (current?.rev ?? 0) + 1 }, writes };
}

export type RemoveValueAnswer =
  | { readonly answer: 'removed'; readonly writes: readonly Write[] }
  | { readonly answer: 'revision-differs' | 'not-found'; readonly because: string };

export function removeValue(
  environment: string,
  key: string,
  current: EnvironmentValueItem | undefined,
  ifMatch?: number,
): RemoveValueAnswer {
  if (current === undefined) return { answer: 'not-found', because: `environment ${environment} has no value ${key}` };
  const because = otherRevision(key, current, ifMatch);
  if (because !== undefined) return { answer: 'revision-differs', because };
  return { answer: 'removed', writes: [remove(keys.environmentValue(environment, key), current)] };
}

function otherRevision(key: string, current: EnvironmentValueItem | undefined, ifMatch: number | undefined) {
  if (ifMatch === undefined || ifMatch === (current?.rev ?? 0)) return undefined;
  const there = current === undefined ? 'there is none' : `it is ${current.rev} now`;
  return `value ${key} is not at revision ${ifMatch}, ${there}: read it again`;
}
