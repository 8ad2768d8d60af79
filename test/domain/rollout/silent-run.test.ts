import { describe, expect, test } from 'vitest';
import { type SignsOfLife, silentRun } from '../../../domain/rollout/silent-run.ts';
import { later, NOW } from '../../support/items.ts';

const ago = (minutes: number) => later(-minutes).toISOString();
const abort = { by: 'operator/ann', reason: 'enough', at: ago(40) };
const signs = (
  given: Omit<Partial<SignsOfLife>, 'rollout'> & { rollout?: Partial<SignsOfLife['rollout']> },
): SignsOfLife => ({
  deployments: [],
  ...given,
  rollout: { state: 'running', run: 1, ...given.rollout },
});
const hour = { asked: { at: ago(60) }, lastEvent: { at: ago(60) } };

describe('a run is silent', () => {
  test.each<[string, SignsOfLife]>([
    ['half an hour after its last event', signs({ asked: { at: ago(90) }, lastEvent: { at: ago(30) } })],
    [
      'half an hour after the end of its wait',
      signs({ ...hour, rollout: { state: 'waiting' }, wait: { until: ago(30) } }),
    ],
    [
      'half an hour after the last deadline of what is under way',
      signs({ ...hour, deployments: [{ state: 'observing', deadline: ago(31) }] }),
    ],
    [
      'when it waits on, although it was aborted half an hour ago',
      signs({ ...hour, rollout: { state: 'waiting', abort }, wait: { until: later(600).toISOString() } }),
    ],
    ['when it has left no sign at all', signs({})],
    ['whatever wait was left behind from before', signs({ ...hour, wait: { until: later(5).toISOString() } })],
  ])('%s', (_when, given) => {
    expect(silentRun(given, NOW)).toContain('run 1 has been silent');
  });
});

describe('a run is not silent', () => {
  test.each<[string, SignsOfLife]>([
    ['while its last event is younger', signs({ asked: { at: ago(90) }, lastEvent: { at: ago(29) } })],
    ['while it waits', signs({ ...hour, rollout: { state: 'waiting' }, wait: { until: later(600).toISOString() } })],
    [
      'while a deployment has time left',
      signs({ ...hour, deployments: [{ state: 'applying', deadline: later(1).toISOString() }] }),
    ],
    ['when it was asked for only now', signs({ asked: { at: ago(1) }, lastEvent: { at: ago(300) } })],
    ['before it has begun to act', signs({ ...hour, rollout: { state: 'accepted' } })],
    ['when the rollout is over', signs({ ...hour, rollout: { state: 'failed' } })],
  ])('%s', (_when, given) => {
    expect(silentRun(given, NOW)).toBeUndefined();
  });

  test('by the deadline of what has ended', () => {
    const ended = { state: 'succeeded' as const, deadline: later(50).toISOString() };
    expect(silentRun(signs({ ...hour, deployments: [ended] }), NOW)).toBeDefined();
  });
});
