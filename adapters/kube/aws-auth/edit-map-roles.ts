/** The text of `mapRoles` with a role let in, or not any more. Whatever cannot be done without a doubt is refused. */
import { judgeConnect, judgeDisconnect, type MappingDecision } from '../../../domain/aws-auth/judge-mapping.ts';
import type { MapRole } from '../../../domain/aws-auth/map-role.ts';
import { insertEntry } from './insert-entry.ts';
import { readMapRoles } from './read-map-roles.ts';
import { removeEntry } from './remove-entry.ts';

export type Edit =
  | { readonly outcome: 'changed'; readonly text: string; readonly because: string }
  | { readonly outcome: 'right'; readonly because: string }
  | { readonly outcome: 'refused'; readonly because: string };

type Readable = Extract<ReturnType<typeof readMapRoles>, { readable: true }>;

/** Adds `entry` unless it is there. What is answered as `changed` was read again: all other entries are what they were, and taking it out gives `text` byte for byte. */
export function connectMapRoles(text: string, entry: MapRole): Edit {
  const read = readMapRoles(text);
  if (!read.readable) return refused(`mapRoles ${read.because}`);
  const decision = judgeConnect(read.entries, entry);
  if (decision.do !== 'insert') return undone(decision);
  const edited = insertEntry(text, read.layout, entry);
  const index = read.layout.style === 'flow' ? 0 : read.values.length;
  const [again, reverse] = [readMapRoles(edited), disconnected(edited, entry)];
  const kept = again.readable && isSame(again.values.toSpliced(index, 1), read.values);
  if (!kept || reverse.outcome !== 'changed' || reverse.text !== text) {
    return refused('no entry can be added to mapRoles so that every other one stays as it is: add it by hand');
  }
  return { outcome: 'changed', text: edited, because: decision.because };
}

/** Takes `entry` out, if it is there and as it was written. `mapUsers` tells who else is an administrator. */
export function disconnectMapRoles(text: string, entry: MapRole, mapUsers = ''): Edit {
  return disconnected(text, entry, mapUsers);
}

function disconnected(text: string, entry: MapRole, mapUsers = ''): Edit {
  const read = readMapRoles(text);
  if (!read.readable) return refused(`mapRoles ${read.because}`);
  const users = readMapRoles(mapUsers);
  const decision = judgeDisconnect(read.entries, entry, users.readable ? users.entries : []);
  if (decision.do !== 'remove') return undone(decision);
  return without(text, read, decision.index, decision.because);
}

function without(text: string, { layout, values }: Readable, index: number, because: string): Edit {
  if (layout.style === 'none') throw new Error('a list without entries has none to take out');
  const edited = removeEntry(text, layout, index);
  const again = readMapRoles(edited);
  if (!again.readable || !isSame(again.values, values.toSpliced(index, 1))) {
    return refused('the entry cannot be taken out of mapRoles so that every other one stays as it is: do it by hand');
  }
  return { outcome: 'changed', text: edited, because };
}

function undone({ do: what, because }: MappingDecision): Edit {
  return what === 'nothing' ? { outcome: 'right', because } : refused(because);
}

const refused = (because: string): Edit => ({ outcome: 'refused', because });
const isSame = (one: readonly unknown[], other: readonly unknown[]) => JSON.stringify(one) === JSON.stringify(other);
