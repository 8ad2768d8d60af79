/** May our entry be written into `aws-auth`, or taken out of it? What is not plainly ours is never touched. */
import { type FoundRole, isAdministrator, isSameRole, type MapRole, saysThis, told, withoutPath } from './map-role.ts';

export type MappingDecision =
  | { readonly do: 'insert'; readonly because: string }
  /** `index` of the entry among those found. */
  | { readonly do: 'remove'; readonly index: number; readonly because: string }
  | { readonly do: 'nothing'; readonly because: string }
  | { readonly do: 'refuse'; readonly because: string };

/** What to do so that exactly one entry lets the role in as `wanted` says. */
export function judgeConnect(found: readonly FoundRole[], wanted: MapRole): MappingDecision {
  const odd = oddRole(wanted.rolearn);
  if (odd !== undefined) return odd;
  const [ours, ...others] = entriesOf(found, wanted.rolearn);
  if (ours === undefined) return { do: 'insert', because: `no entry maps ${wanted.rolearn} yet` };
  if (others.length > 0) return severalTimes([ours, ...others]);
  if (saysThis(ours, wanted)) return { do: 'nothing', because: `line ${ours.line} of mapRoles maps it already` };
  const path = withoutPath(ours.rolearn ?? '')?.path;
  const why = path === undefined ? '' : `, and with the path ${path}, which no caller ever matches`;
  return {
    do: 'refuse',
    because: `line ${ours.line} of mapRoles has the role already: ${told(ours)}${why}; it should be ${told(wanted)}: see who wrote it, correct or remove it, then try again`,
  };
}

/** What to do so that no entry lets the role in any more. `users` are the entries of `mapUsers`: they may be administrators too. */
export function judgeDisconnect(
  found: readonly FoundRole[],
  wanted: MapRole,
  users: readonly FoundRole[] = [],
): MappingDecision {
  const odd = oddRole(wanted.rolearn);
  if (odd !== undefined) return odd;
  const [ours, ...others] = entriesOf(found, wanted.rolearn);
  if (ours === undefined) return { do: 'nothing', because: `no entry maps ${wanted.rolearn}` };
  if (others.length > 0) return severalTimes([ours, ...others]);
  const left = found.filter((entry) => entry !== ours);
  if (losesAdministrator([...found, ...users], [...left, ...users])) {
    return {
      do: 'refuse',
      because: `line ${ours.line} of mapRoles is the last administrator (system:masters): without it nobody may get in; map another one first`,
    };
  }
  if (!saysThis(ours, wanted)) {
    return {
      do: 'refuse',
      because: `line ${ours.line} of mapRoles was changed by hand: it is ${told(ours)}, and was written as ${told(wanted)}; remove it by hand if you mean it`,
    };
  }
  return { do: 'remove', index: found.indexOf(ours), because: `line ${ours.line} of mapRoles maps it` };
}

/** Whether there was somebody in `system:masters` before, and nobody is after. */
export function losesAdministrator(before: readonly FoundRole[], after: readonly FoundRole[]): boolean {
  return before.some(isAdministrator) && !after.some(isAdministrator);
}

const entriesOf = (found: readonly FoundRole[], rolearn: string) =>
  found.filter((entry) => entry.rolearn !== undefined && isSameRole(entry.rolearn, rolearn));

/** The authenticator takes the last of them, and nobody who reads the first can tell. */
function severalTimes(entries: readonly FoundRole[]): MappingDecision {
  const all = entries.map((entry) => `line ${entry.line}: ${told(entry)}`).join('; ');
  return {
    do: 'refuse',
    because: `mapRoles has the role ${entries.length} times, of which only the last counts (${all}): keep one`,
  };
}

/** The authenticator sees callers without the path of their role. https://github.com/kubernetes-sigs/aws-iam-authenticator/issues/268 */
function oddRole(rolearn: string): MappingDecision | undefined {
  const plain = withoutPath(rolearn);
  if (plain === undefined) {
    return {
      do: 'refuse',
      because: `'${rolearn}' is no role's ARN: it looks like arn:aws:iam::123456789012:role/NAME`,
    };
  }
  if (plain.path === undefined) return undefined;
  return {
    do: 'refuse',
    because: `${rolearn} has the path ${plain.path}, which the authenticator never sees: give the role as --role ${plain.arn}`,
  };
}
