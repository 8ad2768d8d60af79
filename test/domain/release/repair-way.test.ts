import { expect, test } from 'vitest';
import type { ReleaseHistory } from '../../../domain/release/release-history.ts';
import { repairWay as wayOf } from '../../../domain/release/repair-way.ts';
import { aHistory } from '../../support/helm-history.ts';
import { aRelease } from '../../support/items.ts';

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

test('not to a good revision that helm has pruned', () => {
  const way = repairWay(aHistory([{ status: 'superseded', fence: 2 }, ours], 4), 3);
  expect(way).toMatchObject({ is: 'none', because: expect.stringContaining('good revision 3 is no longer in') });
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
