/** May this rollout start, and what is written when it does? One transaction, and the same answer for the same key. */

import { nameOf } from '../callers/principal.ts';
import { begin } from '../events.ts';
import type { CounterItem } from '../items/queue.ts';
import type { EnvironmentItem, PackageItem, StageRequest } from '../items/registry.ts';
import type { Claimed, IdempotencyItem, Principal, RolloutItem } from '../items/rollout.ts';
import { keys } from '../keys.ts';
import { create, unchanged, type Write, write } from '../table.ts';
import { matches } from '../target.ts';

export interface Asked {
  /** ULID of the rollout if it starts. */
  readonly id: string;
  readonly version: string;
  readonly description?: string | undefined;
  readonly stages: readonly StageRequest[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly principal: Principal;
  readonly claimed: Claimed;
  readonly idempotency?: { readonly key: string /** Of the canonical body. */; readonly bodyHash: string } | undefined;
}

export interface Seen {
  readonly pkg: PackageItem;
  readonly environments: readonly EnvironmentItem[];
  readonly counter?: CounterItem | undefined;
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
  | { readonly answer: 'nothing-matched'; readonly because: string };

const IDEMPOTENCY_DAYS = 7;
const DAY_SECONDS = 86_400;

/** Decides a start. Only environments that stand in the registry now are matched; planning looks again. */
export function startRollout(seen: Seen, asked: Asked, now: Date): StartAnswer {
  const matched = seen.environments
    .filter(({ labels }) => asked.stages.some(({ targets }) => targets.some((target) => matches(target, labels))))
    .map(({ name }) => name);
  const known = stillKnown(seen.idempotency, now);
  if (known !== undefined && asked.idempotency !== undefined) {
    if (known.bodyHash === asked.idempotency.bodyHash) return { answer: 'same', id: known.rolloutId, matched };
    const because = `key ${asked.idempotency.key} started rollout ${known.rolloutId} with another body: use a new key`;
    return { answer: 'key-reused', because };
  }
  if (matched.length === 0) return { answer: 'nothing-matched', because: whyNothing(seen, asked) };
  return { answer: 'accepted', id: asked.id, matched, writes: writesOf(seen, asked, matched.length, now) };
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
  const { id, version, stages, values, principal, claimed, description } = asked;
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
  };
  const text = `${name} ${version} accepted for ${count(matched, 'environment')} in ${count(stages.length, 'stage')}`;
  return [
    // A package deleted meanwhile has no rollout: its entry must still be the one that was read.
    unchanged(keys.package(name), seen.pkg),
    write(keys.counter(name), seen.counter, { type: 'counter', v: 1, last: sequence }),
    create(keys.rollout(id), rollout),
    create(keys.request(id), { type: 'request', v: 1, rolloutId: id, version, stages, values }),
    ...begin(id, { at, kind: 'rollout-accepted', text, by: nameOf(principal) }),
    create(keys.open(name, sequence), { type: 'open', v: 1, rolloutId: id, package: name, sequence }),
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

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
