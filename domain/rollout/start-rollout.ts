/** May this rollout start, and what is written when it does? One transaction, and the same answer for the same key. */

import { nameOf } from '../callers/principal.ts';
import { begin } from '../events.ts';
import { overridden } from '../freezes/overridden.ts';
import type { CounterItem, OpenItem } from '../items/queue.ts';
import type { EnvironmentItem, PackageItem, StageRequest } from '../items/registry.ts';
import type {
  Claimed,
  IdempotencyItem,
  Override,
  PlanNamed,
  Principal,
  RollbackRequest,
  RolloutItem,
  ValuesChange,
} from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { create, unchanged, type Write, write } from '../table.ts';
import { matches } from '../target.ts';
import { changesText } from '../values-change/change-text.ts';
import { noPlace, occupied, rejecting } from './queue-place.ts';

export interface Asked {
  /** ULID of the rollout if it starts. */
  readonly id: string;
  readonly version: string;
  readonly description?: string | undefined;
  readonly stages: readonly StageRequest[];
  /** Stages whose gates those keep. */
  readonly guards?: readonly (readonly StageRequest[])[] | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly claimed: Claimed;
  /** Earlier inputs are brought back instead of `version` as it would come out now. */
  readonly rollback?: RollbackRequest | undefined;
  /** Changed layers are brought to these environments, each of which keeps its version: no other is matched. */
  readonly valuesChange?: ValuesChange | undefined;
  /** The plan that it carries out: stages and values are that plan's. */
  readonly planned?: PlanNamed | undefined;
  /** Freezes are passed; whether they let this role is judged before. */
  readonly override?: Override | undefined;
  readonly idempotency?: { readonly key: string /** Of the canonical body. */; readonly bodyHash: string } | undefined;
}

export interface Seen {
  readonly pkg: PackageItem;
  readonly environments: readonly EnvironmentItem[];
  readonly counter?: CounterItem | undefined;
  /** The package's open rollouts, read after the counter: who comes meanwhile changes that. */
  readonly queue: readonly OpenItem[];
  readonly idempotency?: IdempotencyItem | undefined;
}

export type StartAnswer =
  | {
      readonly answer: 'accepted';
      readonly id: string;
      readonly matched: readonly string[];
      readonly writes: readonly Write[];
    }
  | {
      readonly answer: 'same' /** The rollout that the key started. */;
      readonly id: string;
      readonly matched: readonly string[];
    }
  | { readonly answer: 'key-reused'; readonly because: string }
  | { readonly answer: 'nothing-matched'; readonly because: string }
  /** An open rollout is in the way where only one is let in. */
  | { readonly answer: 'occupied'; readonly because: string }
  | { readonly answer: 'too-many'; readonly because: string };

const IDEMPOTENCY_DAYS = 7;
const DAY_SECONDS = 86_400;

/** Decides a start. Only environments that stand in the registry now are matched; planning looks again. */
export function startRollout(seen: Seen, asked: Asked, now: Date): StartAnswer {
  const reached = reachedBy(seen, asked);
  const matched = reached.map(({ name }) => name);
  const known = stillKnown(seen.idempotency, now);
  if (known !== undefined && asked.idempotency !== undefined) {
    if (known.bodyHash === asked.idempotency.bodyHash) return { answer: 'same', id: known.rolloutId, matched };
    const because = `key ${asked.idempotency.key} started rollout ${known.rolloutId} with another body: use a new key`;
    return { answer: 'key-reused', because };
  }
  if (matched.length === 0) return { answer: 'nothing-matched', because: whyNothing(seen, asked) };
  // A rollback waits for its turn where others are turned away: whoever needs one does not want to come again.
  const alone = asked.rollback === undefined ? rejecting(seen.pkg, reached) : [];
  const refusal = noPlace(seen.pkg.name, seen.queue) ?? occupied(seen.queue, alone);
  if (refusal !== undefined) return refusal;
  return { answer: 'accepted', id: asked.id, matched, writes: writesOf(seen, asked, matched.length, now) };
}

function reachedBy({ environments }: Seen, { stages, valuesChange }: Asked): readonly EnvironmentItem[] {
  return environments.filter(
    ({ name, labels }) =>
      (valuesChange?.environments.includes(name) ?? true) &&
      stages.some(({ targets }) => targets.some((target) => matches(target, labels))),
  );
}

/** Time to live removes late (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html). */
function stillKnown(item: IdempotencyItem | undefined, now: Date): IdempotencyItem | undefined {
  return item !== undefined && item.expiresAt * 1000 > now.getTime() ? item : undefined;
}

function whyNothing({ environments }: Seen, { stages }: Asked): string {
  if (environments.length === 0) return 'no environment is registered yet: register one first';
  const targets = stages.flatMap((stage) => stage.targets).map((target) => JSON.stringify(target));
  const shown =
    targets.length > 5 ? `${targets.slice(0, 5).join(', ')} and ${targets.length - 5} more` : targets.join(', ');
  return `none of the ${environments.length} registered environments has the labels of ${shown}`;
}

function writesOf(seen: Seen, asked: Asked, matched: number, now: Date): readonly Write[] {
  const at = now.toISOString();
  const { id, version, stages, values, principal, claimed, description, rollback, valuesChange, planned, override } =
    asked;
  const guards = asked.guards?.filter((guard) => guard.some(({ gate }) => gate !== undefined)) ?? [];
  const { name } = seen.pkg;
  const sequence = (seen.counter?.last ?? 0) + 1;
  const rollout: Omit<RolloutItem, 'rev'> = {
    type: 'rollout',
    v: 1,
    id,
    package: name,
    version,
    ...(description !== undefined && { description }),
    sequence,
    run: 1,
    state: 'accepted',
    principal,
    claimed,
    createdAt: at,
    ...(rollback !== undefined && { rollback }),
    ...(valuesChange !== undefined && { valuesChange }),
    ...(planned !== undefined && { planned }),
    ...(override !== undefined && { override }),
  };
  const isRollback = rollback !== undefined && { rollback: true as const };
  const accepted = `accepted for ${count(matched, 'environment')} in ${count(stages.length, 'stage')}`;
  const held = planned === undefined ? '' : `, to carry out plan ${planned.id}`;
  const text = `${whatOf(name, asked)} ${accepted}${held}`;
  return [
    // A package deleted meanwhile has no rollout: its entry must still be the one that was read.
    unchanged(keys.package(name), seen.pkg),
    write(keys.counter(name), seen.counter, { type: 'counter', v: 1, last: sequence }),
    create(keys.rollout(id), rollout),
    create(keys.request(id), {
      type: 'request',
      v: 1,
      rolloutId: id,
      version,
      stages,
      values,
      ...(guards.length > 0 && { guards }),
    }),
    ...begin(id, { at, kind: 'rollout-accepted', text, by: nameOf(principal) }, ...overridden(override)),
    create(keys.open(name, sequence), { type: 'open', v: 1, rolloutId: id, package: name, sequence, ...isRollback }),
    create(keys.run(id, 1), { type: 'run', v: 1, rolloutId: id, package: name, run: 1, at, because: 'accepted' }),
    ...idempotencyWrites(seen, asked, now),
  ];
}

function idempotencyWrites({ pkg, idempotency: found }: Seen, { id, idempotency }: Asked, now: Date): readonly Write[] {
  if (idempotency === undefined) return [];
  const expiresAt = Math.floor(now.getTime() / 1000) + IDEMPOTENCY_DAYS * DAY_SECONDS;
  const item = { type: 'idempotency', v: 1, bodyHash: idempotency.bodyHash, rolloutId: id, expiresAt } as const;
  return [write(keys.idempotency(pkg.name, idempotency.key), found, item)];
}

function whatOf(name: string, { version, rollback, valuesChange }: Asked): string {
  if (rollback !== undefined) return rollbackOf(name, rollback);
  if (valuesChange === undefined) return `${name} ${version}`;
  return `values of ${name} changed (${changesText(valuesChange.changed)}):`;
}

const rollbackOf = (name: string, { to, reason }: RollbackRequest) =>
  `rollback of ${name} to ${to === 'last-good' ? 'the last good inputs' : to.version} (${reason})`;

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
