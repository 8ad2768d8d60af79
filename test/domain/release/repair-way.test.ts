import { describe, expect, test } from 'vitest';
import type { ReleaseHistory } from '../../../domain/release/release-history.ts';
import { repairWay as wayOf } from '../../../domain/release/repair-way.ts';
import { aHistory } from '../../support/helm-history.ts';
import { aRelease, later, ROLLOUT } from '../../support/items.ts';

const repairWay = (history: ReleaseHistory, goodRevision: number | undefined, adopted?: string) =>
  wayOf(history, aRelease({ goodRevision, liveRevision: goodRevision }), adopted);
const ours = { status: 'failed' as const, fence: 3 };
const object = (kind: string, spec?: Record<string, unknown>) => ({
  apiVersion: 'v1',
  kind,
  name: 'data',
  namespace: 'web',
  ...(spec !== undefined && { spec }),
});

test('back to the good revision, by number', () => {
  expect(repairWay(aHistory([{ status: 'superseded', fence: 2 }, ours], 4), 4)).toEqual({
    is: 'roll-back',
    toRevision: 4,
  });
});

describe('a good revision that helm has pruned', () => {
  const good = (revision: number) => ({
    rolloutId: ROLLOUT,
    version: '1.4.1',
    chartDigest: 'sha256:c',
    inputsDigest: `hmac-sha256:of-${revision}`,
    revision,
    at: later(-60).toISOString(),
  });
  const release = (entries?: readonly ReturnType<typeof good>[]) =>
    aRelease({ goodRevision: 3, liveRevision: 3, good: entries });
  const settled = aHistory([{ status: 'superseded', fence: 2 }, ours], 4);

  test('comes back by its inputs', () => {
    expect(wayOf(settled, release([good(2), good(3)]), undefined)).toEqual({ is: 're-apply', good: good(3) });
  });

  test.each([
    ['nothing was ever on record', undefined],
    ['it was made by a person, after what is on record', [good(1), good(2)]],
  ])('stays away when %s', (_, entries) => {
    expect(wayOf(settled, release(entries), undefined)).toMatchObject({
      is: 'none',
      because: expect.stringContaining('good revision 3 is no longer in'),
    });
  });

  test('waits for what stands in mid-operation to be back where it was: helm upgrades nothing that is pending', () => {
    const stuck = aHistory(
      [
        { status: 'superseded', fence: 2 },
        { status: 'deployed', fence: 3 },
        { status: 'failed', fence: 4 },
        { status: 'pending-upgrade', fence: 5 },
      ],
      4,
    );
    for (const entries of [undefined, [good(3)]]) {
      expect(wayOf(stuck, release(entries), undefined)).toEqual({ is: 'un-stick', toRevision: 5 });
    }
  });

  test('stays away when nothing was applied that helm could go back to', () => {
    const stuck = aHistory(
      [
        { status: 'failed', fence: 4 },
        { status: 'pending-upgrade', fence: 5 },
      ],
      4,
    );
    expect(wayOf(stuck, release([good(3)]), undefined)).toMatchObject({ is: 'none' });
  });
});

test('a first install goes away', () => {
  expect(repairWay(aHistory([ours, ours]), undefined)).toEqual({ is: 'uninstall' });
});

test.each(['deployed', 'superseded'] as const)(
  'what an earlier rollout left standing (%s), never seen healthy, may serve people: it is not uninstalled',
  (status) => {
    const way = wayOf(
      aHistory([{ status, fence: 2 }, ours]),
      aRelease({ goodRevision: undefined, liveRevision: 1 }),
      undefined,
    );
    expect(way).toMatchObject({
      is: 'none',
      because: expect.stringContaining('revision 1 was left there by an earlier'),
    });
  },
);

test('what an earlier rollout never got applied goes away with the rest', () => {
  const left = aRelease({ goodRevision: undefined, liveRevision: 1 });
  expect(wayOf(aHistory([ours, ours]), left, undefined)).toEqual({ is: 'uninstall' });
});

test('nothing is uninstalled that stood there before Fairlead', () => {
  const way = repairWay(aHistory([{ status: 'superseded' }, ours]), undefined);
  expect(way).toMatchObject({ is: 'none', because: expect.stringContaining('revision 1 stood there before') });
});

test.each([
  ['a claim', object('PersistentVolumeClaim')],
  ['a StatefulSet with templates of claims', object('StatefulSet', { volumeClaimTemplates: [{}] })],
])('a first install that made volumes by %s stays', (_, made) => {
  expect(repairWay(aHistory([{ ...ours, objects: [made] }]), undefined)).toMatchObject({ is: 'none' });
});

test('a StatefulSet without volumes may go', () => {
  const made = object('StatefulSet', { volumeClaimTemplates: [] });
  expect(repairWay(aHistory([{ ...ours, objects: [made] }]), undefined)).toEqual({ is: 'uninstall' });
});

test('a first install that took over what stood there stays', () => {
  const way = repairWay(aHistory([ours]), undefined, 'ConfigMap web/old');
  expect(way).toMatchObject({ is: 'none', because: expect.stringContaining('took over ConfigMap web/old') });
});
