/**
 * In each place at most one of our helm operations lets writes through, the newest one; and no older rollout's inputs go
 * over a newer one's. Who an operation belongs to is told by its fence, which the lease recorded when it was claimed.
 */
import type { Change } from '../../../adapters/memory/memory-table.ts';
import type { DeploymentItem } from '../../../domain/items/deployment.ts';
import type { LeaseItem } from '../../../domain/items/release.ts';
import { placeId } from '../../../domain/registry/place.ts';
import { isInFlight } from '../../../domain/states.ts';
import type { OurWrite } from '../our-helm.ts';
import type { WatchDeps, Watcher } from '../watcher.ts';

/** The fence asks after the lease at most once a second (adapters/helm/write-fence.ts). */
const ASKED_EACH_MS = 1_100;

interface Owner {
  readonly rolloutId: string;
  readonly environment: string;
  readonly sequence: number;
  readonly digest: string;
}

export function watchWrites(deps: WatchDeps): Watcher {
  const { broken, now, table } = deps;
  const owners = new Map<string, Owner>();
  const deployments = new Map<string, DeploymentItem>();
  const places = new Map<string, number>();
  const lastFence = new Map<string, OurWrite>();
  const overtaken = new Map<string, string>();
  const newest = new Map(
    table.all().flatMap((item) => (item.type === 'release' ? [[item.environment, item.highestSequence] as const] : [])),
  );
  const bad = new Map<string, string>();
  /** Since when a fence may not write any more. */
  const lost = new Map<string, number>();

  const note = ({ after, before }: Change) => {
    if (after?.type === 'rollout') places.set(after.id, after.sequence);
    if (after?.type === 'deployment') {
      deployments.set(`${after.rolloutId} ${after.environment}`, after);
      if (provedBad(after)) bad.set(`${after.environment} ${after.inputs.digest}`, after.rolloutId);
    }
    if (before?.type === 'quarantine' && after === undefined)
      bad.delete(`${before.environment} ${before.inputsDigest}`);
    if (after?.type === 'lease') noteLease(before?.type === 'lease' ? before : undefined, after);
  };

  const noteLease = (before: LeaseItem | undefined, after: LeaseItem) => {
    const { holder, operation } = after;
    const at = `${after.cluster.split('/').at(-1)} ${after.namespace}/${after.release}`;
    const gone = before?.operation?.fence !== operation?.fence || operation?.overAt !== undefined;
    const earlier = `${at} ${before?.operation?.fence}`;
    if (gone && !lost.has(earlier)) lost.set(earlier, now().getTime());
    if (holder === undefined || operation === undefined) return;
    const { rolloutId, environment } = holder;
    const deployment = deployments.get(`${rolloutId} ${environment}`);
    const key = `${at} ${operation.fence}`;
    if (deployment === undefined || owners.has(key)) return;
    owners.set(key, { rolloutId, environment, sequence: places.get(rolloutId) ?? 0, digest: deployment.inputs.digest });
  };

  const one = (write: OurWrite) => {
    const at = `${write.cluster} ${write.place}`;
    const before = lastFence.get(at);
    const says = `fence ${write.fence} ${write.what}`;
    if (before !== undefined && before.fence > write.fence) {
      broken('one helm operation at a time', `${at}: ${says} after fence ${before.fence}`);
    }
    if (before !== undefined && before.run !== write.run) overtaken.set(before.run, write.run);
    if (overtaken.has(write.run)) {
      broken('one helm operation at a time', `${at}: ${says}, though run ${overtaken.get(write.run)} had begun`);
    }
    lastFence.set(at, write);
  };

  const inOrder = (write: OurWrite) => {
    const at = `${write.cluster} ${write.place}`;
    const owner = owners.get(`${at} ${write.fence}`);
    const since = lost.get(`${at} ${write.fence}`);
    if (since !== undefined && now().getTime() - since > ASKED_EACH_MS) {
      broken('only what holds the lease writes', `${at}: fence ${write.fence} ${write.what} after it was lost`);
    }
    if (owner === undefined)
      return broken('only what holds the lease writes', `${at}: fence ${write.fence} is nobody's`);
    if (write.kind !== 'upgrade') return;
    const highest = newest.get(owner.environment) ?? 0;
    if (owner.sequence < highest) {
      broken(
        'no older sequence over a newer one',
        `${at}: number ${owner.sequence} was applied over number ${highest}`,
      );
    }
    newest.set(owner.environment, Math.max(highest, owner.sequence));
    const by = bad.get(`${owner.environment} ${owner.digest}`);
    if (by !== undefined && by !== owner.rolloutId) {
      broken('what was rolled back stays away', `${at}: ${owner.rolloutId} applied what ${by} had proved bad`);
    }
  };

  const alone = () => {
    const busy = [...deployments.values()]
      .filter(({ state, deadline = '' }) => isInFlight(state) && Date.parse(deadline) > now().getTime())
      .map(({ place }) => placeId(place));
    if (new Set(busy).size < busy.length) broken('one deployment at a time', `two are under way in ${busy.join(', ')}`);
  };

  return {
    onChange(changes) {
      for (const change of changes) note(change);
      if (changes.some(({ after }) => after?.type === 'deployment')) alone();
    },
    onWrite(write) {
      one(write);
      inOrder(write);
    },
  };
}

/** Applied, and to blame; written down anew here, so that a mistake there is seen. */
function provedBad({ state, outcome }: DeploymentItem): boolean {
  const blamed = ['not-ready', 'rejected', 'hook-failed', 'out-of-time'].includes(outcome?.code ?? '');
  return blamed && (state === 'rolled-back' || state === 'failed');
}
