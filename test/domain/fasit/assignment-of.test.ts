import { describe, expect, it } from 'vitest';
import { assignmentOf, type SeenAssignment } from '../../../domain/fasit/assignment-of.ts';
import type { OutcomeCode } from '../../../domain/outcome.ts';
import { type DeploymentState, isOpen, ROLLOUT_STATES } from '../../../domain/states.ts';

const deployment = (environment: string, state: DeploymentState, code?: OutcomeCode, because = String(code)) => ({
  environment,
  state,
  ...(code !== undefined && { outcome: { code, because } }),
});
const seen = (given: Partial<SeenAssignment>): SeenAssignment => ({
  rollout: { state: 'succeeded' },
  deployments: [deployment('dev', 'succeeded', 'ready')],
  ...given,
});
const rollout = (state: SeenAssignment['rollout']['state'], because?: string) => ({
  state,
  ...(because !== undefined && { outcome: { code: 'stage-failed' as const, because } }),
});

describe('an assignment is', () => {
  it.each([
    [
      'PENDING as long as its rollout is accepted',
      { rollout: rollout('accepted'), deployments: [] },
      { state: 'PENDING' },
    ],
    ['PENDING as long as it runs', { rollout: rollout('running') }, { state: 'PENDING' }],
    [
      'PENDING while it waits, and says on what',
      { rollout: rollout('waiting'), wait: { because: 'a lease' } },
      { state: 'PENDING', reason: 'a lease' },
    ],
    ['DEPLOYED when it stands there', {}, { state: 'DEPLOYED' }],
    [
      'DEPLOYED when it stood there already',
      { deployments: [deployment('dev', 'skipped', 'unchanged')] },
      { state: 'DEPLOYED' },
    ],
    [
      'DEPLOYED when it stands where it is not disabled',
      { deployments: [deployment('dev', 'succeeded', 'ready'), deployment('prod', 'skipped', 'disabled')] },
      { state: 'DEPLOYED' },
    ],
    [
      'DISABLED when it is disabled or held everywhere, and says why',
      {
        deployments: [deployment('dev', 'skipped', 'disabled', 'off'), deployment('prod', 'skipped', 'held', 'by ann')],
      },
      { state: 'DISABLED', reason: 'dev: off; prod: by ann' },
    ],
    [
      'FAILED when a newer one stands there instead',
      { deployments: [deployment('dev', 'skipped', 'superseded', 'newer')] },
      { state: 'FAILED', reason: 'dev: newer' },
    ],
    [
      'FAILED when no environment is left',
      { deployments: [] },
      { state: 'FAILED', reason: expect.stringContaining('no environment') },
    ],
    [
      'FAILED when its rollout failed, with the reason of the whole and of each that did',
      {
        rollout: rollout('failed', 'too many failed'),
        deployments: [deployment('dev', 'rolled-back', 'not-ready', 'crashes'), deployment('prod', 'pending')],
      },
      { state: 'FAILED', reason: 'too many failed; dev: crashes' },
    ],
    [
      'FAILED when it is blocked, unlike in fasit, where it waited until its time was over',
      {
        rollout: rollout('failed', 'stopped'),
        deployments: [deployment('dev', 'blocked', 'values-missing', 'no port')],
      },
      { state: 'FAILED', reason: 'stopped; dev: no port' },
    ],
    [
      'FAILED when we are in trouble',
      { rollout: rollout('errored'), deployments: [] },
      { state: 'FAILED', reason: 'the rollout was errored' },
    ],
    [
      'FAILED when somebody aborted it',
      { rollout: rollout('aborted', 'by ann'), deployments: [] },
      { state: 'FAILED', reason: 'by ann' },
    ],
    [
      'FAILED when a newer one took its place',
      { rollout: rollout('superseded'), deployments: [] },
      { state: 'FAILED', reason: 'the rollout was superseded' },
    ],
  ])('%s', (_what, given: Partial<SeenAssignment>, expected) => {
    expect(assignmentOf(seen(given))).toEqual(expected);
  });

  it('never more than three reasons long, whatever failed', () => {
    const deployments = Array.from({ length: 50 }, (_, n) => deployment(`env-${n}`, 'failed', 'not-ready', 'x'));
    const { reason } = assignmentOf(seen({ rollout: rollout('failed', 'stopped'), deployments }));
    expect(reason).toBe('stopped; env-0: x; env-1: x; env-2: x; and 47 more');
  });

  it.each(ROLLOUT_STATES)('over exactly when its rollout is: %s', (state) => {
    expect(assignmentOf(seen({ rollout: { state } })).state === 'PENDING').toBe(isOpen(state));
  });
});
