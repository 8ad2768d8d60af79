/** Putting, changing and lifting a freeze. Whoever waits for its end is woken by the change itself. */
import type { FreezeItem } from '../items/gates.ts';
import { keys } from '../keys.ts';
import type { Calendar } from '../ports.ts';
import { sameContent } from '../registry/same-content.ts';
import { remove, type Write, write } from '../table.ts';
import { STOP } from './holding.ts';
import { judgeWindow } from './judge-window.ts';

export interface FreezeFault {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly because: string;
}

/** Names of the installation's roles that count here. */
export interface FreezeRoles {
  readonly operator: string;
  readonly breakGlass: string;
}

/** As it was asked for. */
export interface FreezeWish extends Pick<FreezeItem, 'name' | 'window' | 'target' | 'packages' | 'reason' | 'by'> {
  /** @default the operators' role */
  readonly overridableBy?: readonly string[] | undefined;
  readonly ifMatch?: number | undefined;
}

export type PutFreezeAnswer =
  | { readonly answer: 'created' | 'changed'; readonly item: FreezeItem; readonly writes: readonly Write[] }
  | { readonly answer: 'same'; readonly item: FreezeItem }
  | { readonly answer: 'wrong'; readonly faults: readonly FreezeFault[] }
  | { readonly answer: 'revision-differs' | 'conflict'; readonly because: string };

/** Each is looked at by every decision. */
const MOST_FREEZES = 200;

/** Decides a freeze as it was asked for. `others` are all that stand there, this one included. */
export function putFreeze(
  others: readonly FreezeItem[],
  { ifMatch, ...wish }: FreezeWish,
  roles: FreezeRoles,
  when: { readonly now: Date; readonly calendar: Calendar },
): PutFreezeAnswer {
  const current = others.find(({ name }) => name === wish.name);
  const differs = otherRevision(wish.name, current, ifMatch);
  if (differs !== undefined) return differs;
  const faults = faultsOf(wish, roles, when);
  if (faults.length > 0) return { answer: 'wrong', faults };
  const item: Omit<FreezeItem, 'rev'> = {
    type: 'freeze',
    v: 1,
    name: wish.name,
    window: wish.window,
    target: wish.target,
    ...(wish.packages !== undefined && { packages: wish.packages }),
    reason: wish.reason,
    overridableBy: overridableBy(wish, roles),
    by: wish.by,
    at: when.now.toISOString(),
  };
  if (current === undefined && others.length >= MOST_FREEZES) {
    return {
      answer: 'conflict',
      because: `there are ${others.length} freezes already: lift those that are over first`,
    };
  }
  // Who wrote it when is no content: putting the same again does not end overrides.
  if (current !== undefined && sameContent({ ...current, by: '', at: '' }, { ...item, by: '', at: '' })) {
    return { answer: 'same', item: current };
  }
  const rev = (current?.rev ?? 0) + 1;
  const writes = [write(keys.freeze(wish.name), current, item)];
  return { answer: current === undefined ? 'created' : 'changed', item: { ...item, rev }, writes };
}

export type LiftFreezeAnswer =
  | { readonly answer: 'lifted'; readonly writes: readonly Write[] }
  | { readonly answer: 'revision-differs' | 'not-found'; readonly because: string };

/** Decides the lifting of a freeze. */
export function liftFreeze(
  name: string,
  current: FreezeItem | undefined,
  ifMatch: number | undefined,
): LiftFreezeAnswer {
  if (current === undefined) return { answer: 'not-found', because: nothing(name) };
  return otherRevision(name, current, ifMatch) ?? { answer: 'lifted', writes: [remove(keys.freeze(name), current)] };
}

const nothing = (name: string) => (name === STOP ? 'nothing is stopped' : `there is no freeze ${name}`);

function otherRevision(name: string, current: FreezeItem | undefined, ifMatch: number | undefined) {
  if (ifMatch === undefined || ifMatch === (current?.rev ?? 0)) return undefined;
  const there = current === undefined ? 'there is none' : `it is ${current.rev} now`;
  const because = `freeze ${name} is not at revision ${ifMatch}, ${there}: read it again`;
  return { answer: 'revision-differs' as const, because };
}

function faultsOf(
  wish: Omit<FreezeWish, 'ifMatch'>,
  roles: FreezeRoles,
  { now, calendar }: { readonly now: Date; readonly calendar: Calendar },
): readonly FreezeFault[] {
  const window = judgeWindow(wish.window, now, calendar).map(({ field, because }) => ({
    pointer: `/window/${field}`,
    because,
  }));
  return [...window, ...unknownRoles(wish, roles), ...(wish.name === STOP ? lessThanAll(wish, roles) : [])];
}

function unknownRoles({ overridableBy: given = [] }: Omit<FreezeWish, 'ifMatch'>, roles: FreezeRoles): FreezeFault[] {
  const known = [roles.operator, roles.breakGlass];
  return given.flatMap((role, i) =>
    known.includes(role)
      ? []
      : [{ pointer: `/overridableBy/${i}`, because: `'${role}' never overrides a freeze: use ${known.join(' or ')}` }],
  );
}

/** Whoever stops the line means everything, and everybody has to be able to rely on it. */
function lessThanAll(wish: Omit<FreezeWish, 'ifMatch'>, { operator }: FreezeRoles): FreezeFault[] {
  const all = `${STOP} is the freeze that stops everything`;
  return [
    ...(wish.window.is === 'until-lifted'
      ? []
      : [{ pointer: '/window', because: `${all} until it is lifted: use another name for a window` }]),
    ...(Object.keys(wish.target).length === 0
      ? []
      : [{ pointer: '/target', because: `${all}: use another name for some environments` }]),
    ...(wish.packages === undefined
      ? []
      : [{ pointer: '/packages', because: `${all}: use another name for some packages` }]),
    ...(wish.overridableBy?.includes(operator)
      ? [{ pointer: '/overridableBy', because: `${all}: only an emergency passes it` }]
      : []),
  ];
}

function overridableBy(
  { name, overridableBy: given }: Omit<FreezeWish, 'ifMatch'>,
  roles: FreezeRoles,
): readonly string[] {
  const named = given ?? (name === STOP ? [] : [roles.operator]);
  return [...new Set([...named, roles.breakGlass])].toSorted();
}
