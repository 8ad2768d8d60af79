import { isDeepStrictEqual } from 'node:util';
import type { Follower } from './follow.ts';
import type { KubeClient, KubeMethod } from './kube-client.ts';
import type { PodEvent } from './kubelet-container.ts';
import { eventOf } from './kubelet-events.ts';
import { NODE_NAME } from './kubelet-node.ts';
import { isUnschedulable, Pod } from './kubelet-pod.ts';
import { type SeenPod, statusOf } from './kubelet-status.ts';

interface Tracked {
  pod: Pod;
  sent: SeenPod['status'] | undefined;
  readonly reported: Set<string>;
  busy: boolean;
  /** Something changed while it was busy. */
  again: boolean;
  timer: NodeJS.Timeout | undefined;
}

const AGAIN_AFTER_TROUBLE_MS = 500;
/** Answers that a later state of the world explains: it is gone, somebody was faster, its namespace is being emptied. */
const OVERTAKEN = new Set([403, 404, 409]);

/**
 * Brings pods to life: binds what has no node, reports what `statusOf` says when it says something new, and takes away what is to be deleted.
 * Works on what it is told by `follow` and on its own timers; it never polls.
 */
export class KubeletPods implements Follower {
  private readonly pods = new Map<string, Tracked>();
  private readonly client: KubeClient;
  private readonly onTrouble: (text: string) => void;
  private stopped = false;

  constructor(client: KubeClient, onTrouble: (text: string) => void) {
    this.client = client;
    this.onTrouble = onTrouble;
  }

  /** The pod of that name, if there is one: for its logs. */
  find(namespace: string, name: string): Pod | undefined {
    for (const { pod } of this.pods.values())
      if (pod.metadata.name === name && pod.metadata.namespace === namespace) return pod;
    return undefined;
  }

  onList(items: readonly unknown[]): void {
    const here = new Set(items.map((item) => Pod.parse(item).metadata.uid));
    for (const uid of this.pods.keys()) if (!here.has(uid)) this.forget(uid);
    for (const item of items) this.onChange(item);
  }

  onChange(object: unknown): void {
    const pod = Pod.parse(object);
    const { uid } = pod.metadata;
    const tracked = this.pods.get(uid) ?? {
      pod,
      sent: undefined,
      reported: new Set(),
      busy: false,
      again: false,
      timer: undefined,
    };
    tracked.pod = pod;
    this.pods.set(uid, tracked);
    this.consider(tracked);
  }

  onDelete(object: unknown): void {
    this.forget(Pod.parse(object).metadata.uid);
  }

  stop(): void {
    this.stopped = true;
    for (const uid of [...this.pods.keys()]) this.forget(uid);
  }

  private forget(uid: string): void {
    clearTimeout(this.pods.get(uid)?.timer);
    this.pods.delete(uid);
  }

  private consider(tracked: Tracked): void {
    if (this.stopped) return;
    if (tracked.busy) {
      tracked.again = true;
      return;
    }
    tracked.busy = true;
    clearTimeout(tracked.timer);
    void this.attempt(tracked);
  }

  /** One look at a pod, and the date for the next. Never rejects. */
  private async attempt(tracked: Tracked): Promise<void> {
    let laterMs: number | undefined;
    try {
      laterMs = await this.act(tracked);
    } catch (error: unknown) {
      const { namespace, name } = tracked.pod.metadata;
      if (!this.stopped)
        this.onTrouble(`pod ${namespace}/${name}: ${error instanceof Error ? error.message : String(error)}`);
      laterMs = AGAIN_AFTER_TROUBLE_MS;
    }
    tracked.busy = false;
    if (this.stopped || !this.pods.has(tracked.pod.metadata.uid)) return;
    if (tracked.again) {
      tracked.again = false;
      this.consider(tracked);
    } else if (laterMs !== undefined) {
      tracked.timer = setTimeout(() => this.consider(tracked), laterMs).unref();
    }
  }

  /** @returns milliseconds until this pod wants to be considered again. */
  private async act(tracked: Tracked): Promise<number | undefined> {
    const { pod } = tracked;
    const { namespace, name, uid } = pod.metadata;
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
    if (pod.metadata.deletionTimestamp !== undefined) {
      await this.ask('DELETE', path, { gracePeriodSeconds: 0, preconditions: { uid } });
      return undefined;
    }
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return undefined;
    if (pod.spec.nodeName === undefined && !isUnschedulable(pod)) {
      await this.ask('POST', `${path}/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: NODE_NAME },
      });
      const message = `Successfully assigned ${namespace}/${name} to ${NODE_NAME}`;
      await this.report(tracked, [{ type: 'Normal', reason: 'Scheduled', message }], 'default-scheduler');
      return undefined;
    }
    const seen = statusOf(pod, new Date());
    if (seen === undefined) return undefined;
    if (!isDeepStrictEqual(seen.status, tracked.sent)) {
      await this.ask('PATCH', `${path}/status`, { metadata: { uid }, status: seen.status });
      tracked.sent = seen.status;
    }
    await this.report(tracked, seen.events, seen.reporter);
    return seen.changesInMs;
  }

  private async report(tracked: Tracked, events: readonly PodEvent[], reporter: string): Promise<void> {
    const { pod, reported } = tracked;
    for (const event of events) {
      const what = `${event.reason} ${event.message}`;
      if (reported.has(what)) continue;
      await this.ask(
        'POST',
        `/api/v1/namespaces/${pod.metadata.namespace}/events`,
        eventOf(pod, event, reporter, new Date()),
      );
      reported.add(what);
    }
  }

  private async ask(method: KubeMethod, path: string, body: unknown): Promise<void> {
    const { status } = await this.client.call(method, path, body);
    if (status >= 300 && !OVERTAKEN.has(status)) throw new Error(`${method} ${path}: status ${status}`);
  }
}
