import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { KubeClient, WatchEvent } from './kube-client.ts';

export interface Follower {
  /** All objects as they are; heard first, and again whenever the watch had to begin anew. */
  onList(items: readonly unknown[]): void;
  onChange(object: unknown): void;
  onDelete(object: unknown): void;
}

const List = z.object({ metadata: z.object({ resourceVersion: z.string() }), items: z.array(z.unknown()) });
const Versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
/** After trouble. The API server ends healthy watches by itself every half hour or so, and that is no trouble. */
const AGAIN_AFTER_MS = 500;

/**
 * Follows a collection until the signal: list, then watch from there on, over and over. https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 * @param onTrouble told what went wrong before each new attempt.
 */
export async function follow(
  client: KubeClient,
  path: string,
  follower: Follower,
  signal: AbortSignal,
  onTrouble: (text: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { status, body } = await client.call('GET', path);
      if (status !== 200) throw new Error(`GET ${path}: status ${status}`);
      const list = List.parse(body);
      follower.onList(list.items);
      await watchFrom(client, path, list.metadata.resourceVersion, follower, signal);
    } catch (error: unknown) {
      if (signal.aborted) return;
      onTrouble(`following ${path}: ${error instanceof Error ? error.message : String(error)}`);
      // An abort in the pause ends the loop; nothing else can fail here.
      await pause(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Watches on from where the last watch ended, until one says that its version is too old (then a new list is due). */
async function watchFrom(
  client: KubeClient,
  path: string,
  from: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  let version = from;
  let tooOld = false;
  const onEvent = ({ type, object }: WatchEvent) => {
    if (type === 'ERROR') {
      tooOld = true;
      return;
    }
    version = Versioned.parse(object).metadata.resourceVersion;
    if (type === 'DELETED') follower.onDelete(object);
    else if (type !== 'BOOKMARK') follower.onChange(object);
  };
  while (!signal.aborted && !tooOld) {
    const query = new URLSearchParams({ watch: 'true', resourceVersion: version, allowWatchBookmarks: 'true' });
    await client.watch(`${path}?${query}`, onEvent, signal);
  }
}
