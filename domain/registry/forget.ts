/** Taking an entry out of the registry, which never touches a cluster: refused while anything stands or moves there. */
import type { CounterItem, OpenItem } from '../items/queue.ts';
import type { EnvironmentItem, PackageItem, RegistryItem } from '../items/registry.ts';
import type { ReleaseItem } from '../items/release.ts';
import type { EnvironmentValueItem } from '../items/values.ts';
import { keys } from '../keys.ts';
import { remove, unchanged, type Write } from '../table.ts';
import { nextEdition, revisionDiffers, whyItStands } from './register.ts';

export type ForgetAnswer =
  | { readonly answer: 'forgotten'; readonly writes: readonly Write[] }
  | { readonly answer: 'not-found'; readonly because: string }
  | { readonly answer: 'conflict'; readonly because: string }
  | { readonly answer: 'revision-differs'; readonly because: string };

interface Seen<T> {
  readonly current?: T | undefined;
  readonly registry?: RegistryItem | undefined;
  readonly standing: readonly ReleaseItem[];
  readonly open: readonly OpenItem[];
}

/** Decides whether package `name` can go. Its counter stays: sequences only rise. */
export function forgetPackage(
  name: string,
  seen: Seen<PackageItem> & { readonly counter?: CounterItem | undefined },
  ifMatch?: number,
): ForgetAnswer {
  const { current } = seen;
  if (current === undefined) return { answer: 'not-found', because: `package ${name} is not registered` };
  const refusal = refusalOf('package', current, seen, ifMatch);
  if (refusal !== undefined) return refusal;
  // A rollout that starts meanwhile raises the counter, and this write fails.
  const guard = unchanged(keys.counter(name), seen.counter);
  return { answer: 'forgotten', writes: [remove(keys.package(name), current), guard, nextEdition(seen.registry)] };
}

/** With an environment go its values, in one transaction of at most 100 writes. */
const MOST_VALUES = 90;

/** Decides whether environment `name` can go; `open` are the rollouts that are unplanned or have it in their plan. Parameters of its secrets stay. */
export function forgetEnvironment(
  name: string,
  seen: Seen<EnvironmentItem> & { readonly values: readonly EnvironmentValueItem[] },
  ifMatch?: number,
): ForgetAnswer {
  const { current } = seen;
  if (current === undefined) return { answer: 'not-found', because: `environment ${name} is not registered` };
  const refusal = refusalOf('environment', current, seen, ifMatch);
  if (refusal !== undefined) return refusal;
  if (seen.values.length > MOST_VALUES) {
    const because = `environment ${name} has ${seen.values.length} values, too many to go with it: take some away first`;
    return { answer: 'conflict', because };
  }
  const values = seen.values.map((value) => remove(keys.environmentValue(name, value.key), value));
  return {
    answer: 'forgotten',
    writes: [remove(keys.environment(name), current), ...values, nextEdition(seen.registry)],
  };
}

function refusalOf(
  what: string,
  current: PackageItem | EnvironmentItem,
  { standing, open }: Seen<unknown>,
  ifMatch: number | undefined,
): ForgetAnswer | undefined {
  const differs = revisionDiffers(what, current.name, current, ifMatch);
  if (differs !== undefined) return differs;
  const blocker = whyItStands(standing, open);
  if (blocker === undefined) return undefined;
  return { answer: 'conflict', because: `${what} ${current.name} cannot be forgotten: ${blocker}` };
}
