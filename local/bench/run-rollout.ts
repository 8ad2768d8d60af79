/** One rollout from the signed call to its end, with what it took. */
import type * as z from 'zod';
import type { ApiClient } from '../../contracts/api/client.ts';
import { EventList, RolloutAccepted } from '../../contracts/api/rollout.ts';
import { isOpen } from '../../domain/states.ts';
import { PACKAGE, VERSION } from './bench-scene.ts';

type Event = z.infer<typeof EventList>['events'][number];

/** Milliseconds of the clock that all processes of this machine share. */
export interface Ran {
  readonly id: string;
  readonly postedAt: number;
  /** `POST` to its 202. */
  readonly acceptMs: number;
  /** `POST` to the answer that says it is over, as a command line sees it. */
  readonly wholeMs: number;
  readonly endedAt: number;
  readonly events: readonly Event[];
}

export interface WishedStage {
  readonly name: string;
  /** Labels of the environments; `{}` is all of them. */
  readonly targets: readonly Readonly<Record<string, string>>[];
  readonly maxParallel: number;
}

export interface Wish {
  readonly stages: readonly WishedStage[];
  /** Differs from rollout to rollout, or there is nothing to do. */
  readonly marker: string;
}

const WAIT_SECONDS = 20;
const MOST_TRIES = 10;

/** All environments of a target in one stage. */
export function oneStage(target: Readonly<Record<string, string>>, maxParallel: number): readonly WishedStage[] {
  return [{ name: 'all', targets: [target], maxParallel }];
}

/** @throws when it is refused or does not succeed. */
export async function runRollout(client: ApiClient, { stages, marker }: Wish): Promise<Ran> {
  const postedAt = Date.now();
  const began = performance.now();
  const path = `/packages/${PACKAGE}/rollouts`;
  const body = { version: VERSION, stages, values: { marker } };
  const accepted = await client.call({ method: 'POST', path, body, headers: { 'idempotency-key': marker } });
  const acceptMs = performance.now() - began;
  if (accepted.status !== 202) throw new Error(`the rollout was refused: ${JSON.stringify(accepted.body)}`);
  const { id } = RolloutAccepted.parse(accepted.body);
  const { events, state } = await follow(client, `${path}/${id}`);
  if (state !== 'succeeded') throw new Error(`rollout ${id} ended ${state}: ${events.at(-1)?.text}`);
  return { id, postedAt, acceptMs, wholeMs: performance.now() - began, endedAt: Date.now(), events };
}

async function follow(client: ApiClient, path: string) {
  const events: Event[] = [];
  for (;;) {
    const query = `?after=${events.at(-1)?.number ?? 0}&wait=${WAIT_SECONDS}`;
    const answer = await patiently(() => client.call({ method: 'GET', path: `${path}/events${query}` }));
    if (answer.status !== 200) throw new Error(`its events could not be read: ${JSON.stringify(answer.body)}`);
    const news = EventList.parse(answer.body);
    events.push(...news.events);
    if (!isOpen(news.state) && !news.more) return { events, state: news.state };
  }
}

/** Who only watches asks again: forty deployments at once can keep two cores busy for longer than a call waits. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error: unknown) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}

/** Milliseconds from the `POST` to the first event of this kind. @throws when there was none. */
export function untilEvent({ events, postedAt }: Ran, kind: Event['kind']): number {
  const event = events.find((seen) => seen.kind === kind);
  if (event === undefined) throw new Error(`the rollout has no event '${kind}'`);
  return Date.parse(event.at) - postedAt;
}
