import { describe, expect, test } from 'vitest';
import type { HelmStatus } from '../../../domain/release/release-history.ts';
import { fenceOf, judgeStuck, standingOf } from '../../../domain/release/stuck-release.ts';
import { aHistory } from '../../support/helm-history.ts';
import { anOperation } from '../../support/items.ts';

const stands = (status: HelmStatus, fence?: number) =>
  standingOf(aHistory([fence === undefined ? { status } : { status, fence }], 5));

describe('a release that stands in mid-operation', () => {
  test.each([
    ['our upgrade', stands('pending-upgrade', 9), anOperation({ kind: 'apply', expectedRevision: 5, fence: 9 })],
    ['our install', stands('pending-install', 9), anOperation({ kind: 'apply', expectedRevision: 5, fence: 9 })],
    ['our roll-back', stands('pending-rollback', 3), anOperation({ kind: 'roll-back', expectedRevision: 5, fence: 9 })],
    [
      'what our roll-back was to take back',
      stands('pending-upgrade', 8),
      anOperation({ kind: 'roll-back', expectedRevision: 6, fence: 9 }),
    ],
    [
      'what our uninstall was to take away',
      stands('pending-install', 8),
      anOperation({ kind: 'uninstall', expectedRevision: 5, fence: 9 }),
    ],
    ['our uninstall', stands('uninstalling', 3), anOperation({ kind: 'uninstall', expectedRevision: 5, fence: 9 })],
    [
      'our repair, not begun',
      stands('pending-upgrade', 8),
      anOperation({ kind: 'repair', expectedRevision: 6, fence: 9 }),
    ],
    [
      'our repair, half done',
      stands('pending-rollback', 8),
      anOperation({ kind: 'repair', expectedRevision: 5, fence: 9 }),
    ],
    [
      'our repairing uninstall',
      stands('uninstalling', 8),
      anOperation({ kind: 'repair', expectedRevision: 6, fence: 9 }),
    ],
  ])('%s is ours', (_, standing, operation) => expect(judgeStuck(standing, operation)).toMatchObject({ is: 'ours' }));

  test.each([
    ['without any operation of ours', stands('pending-upgrade', 9), undefined],
    ['at another revision', stands('pending-upgrade', 9), anOperation({ expectedRevision: 4, fence: 9 })],
    [
      'with an older fence that helm handed on',
      stands('pending-upgrade', 7),
      anOperation({ expectedRevision: 5, fence: 9 }),
    ],
    ['without a fence', stands('pending-upgrade'), anOperation({ expectedRevision: 5, fence: 9 })],
    ['rolling back while we upgraded', stands('pending-rollback', 9), anOperation({ expectedRevision: 5, fence: 9 })],
    [
      'uninstalling while we rolled back',
      stands('uninstalling', 9),
      anOperation({ kind: 'roll-back', expectedRevision: 6, fence: 9 }),
    ],
    [
      'upgrading after our roll-back',
      stands('pending-upgrade', 9),
      anOperation({ kind: 'roll-back', expectedRevision: 5, fence: 9 }),
    ],
    ['uninstalling while we upgraded', stands('uninstalling', 9), anOperation({ expectedRevision: 5, fence: 9 })],
  ])('%s is somebody else', (_, standing, operation) => {
    expect(judgeStuck(standing, operation)).toMatchObject({
      is: 'foreign',
      because: expect.stringContaining('revision 5'),
    });
  });
});

test.each<HelmStatus>(['deployed', 'failed', 'superseded'])('%s is settled', (status) => {
  expect(judgeStuck(stands(status), anOperation())).toEqual({ is: 'settled' });
});

test('nothing installed, or taken away with its history kept, is settled', () => {
  expect(judgeStuck(standingOf(aHistory([])), anOperation())).toEqual({ is: 'settled' });
  expect(standingOf(aHistory([{ status: 'uninstalled' }]))).toBeUndefined();
});

describe('the fence that a label tells', () => {
  test.each([
    ['7', 7],
    ['0', 0],
    ['999999999999999', 999999999999999],
  ])('%s is one', (label, fence) => {
    expect(fenceOf({ labels: { 'fairlead.dev/fence': label } })).toBe(fence);
  });

  // Whoever may write Secrets there may write labels: what reads like a number, but could not be counted on from, is none.
  test.each(['', '1e308', '0x10', '9007199254740993', '1.0', 'none'])('%j is none', (label) => {
    expect(fenceOf({ labels: { 'fairlead.dev/fence': label } })).toBeUndefined();
  });
});
