import { describe, expect, test } from 'vitest';
import type { DeferReason, DeploymentItem } from '../../../../domain/items/deployment.ts';
import type { Decision } from '../../../../domain/rollout/decision.ts';
import { putOff } from '../../../../domain/rollout/rules/put-off.ts';
import { unfinished } from '../../../../domain/rollout/rules/unfinished.ts';
import { aDeployment, aStage, later, NOW } from '../../../support/items.ts';

const iso = (minutes: number) => later(minutes).toISOString();
const off = (environment: string, minutes: number, on: DeferReason = 'lease', more: Partial<DeploymentItem> = {}) => ({
  ...aDeployment({ environment, attempt: 1, begun: 1, ...more }),
  deferred: { on, until: iso(minutes), because: `it is put off on ${on}` },
});
const stage = { ...aStage(), size: 3 };

test('the first that may be tried again is waited for', () => {
  const wait = putOff({ stage, deferred: [off('dev', 3), off('test', 1, 'freeze'), off('prod', 2)] });
  expect(wait).toMatchObject({ action: 'wait', on: 'freeze', until: iso(1), stage: stage.name });
  expect(putOff({ stage, deferred: [] })).toBeUndefined();
});

test.each([
  ['wait', `until ${iso(58)}; then it counts as failed`],
  ['skip', `until ${iso(58)}; then it is passed over`],
] as const)('a silent cluster under `%s` is somebody’s to mend, until its deadline', (policy, words) => {
  const silent = off('dev', 1, 'environment', { unreachableSince: iso(-2) });
  const wait = putOff({ stage: { ...stage, unreachable: { policy, minutes: 60 } }, deferred: [silent] });
  expect(wait?.who).toBe(`whoever runs cluster ${silent.place.cluster.name}, ${words}`);
});

describe('a rollout does not end', () => {
  const end: Decision = {
    action: 'finish',
    state: 'aborted',
    outcome: { code: 'aborted', because: 'x' },
    because: 'x',
  };
  test('over a release that it may have changed and that fell silent: that comes to its end first', () => {
    const left = off('dev', 3, 'environment', { touched: true });
    expect(unfinished(end, [left, off('prod', 3)])).toMatchObject({
      action: 'give-up',
      environments: ['dev'],
      code: 'unreachable',
    });
  });
  test('but does over what it never touched', () => {
    expect(unfinished(end, [off('dev', 3, 'environment')])).toBeUndefined();
  });
  test('and what goes on is not held up', () => {
    const wait: Decision = { action: 'wait', on: 'soak', until: NOW.toISOString(), who: 'the clock', because: 'x' };
    expect(unfinished(wait, [off('dev', 3, 'environment', { touched: true })])).toBeUndefined();
  });
});
