import { expect, test } from 'vitest';
import { type BuildSeen, judgeBuild } from '../../../domain/deployment/judge-build.ts';
import type { BuildItem } from '../../../domain/items/build.ts';
import { aLease, anOperation, later, NOW, ROLLOUT } from '../../support/items.ts';

const build: BuildItem = {
  type: 'build',
  v: 1,
  rev: 1,
  rolloutId: ROLLOUT,
  environment: 'dev',
  attempt: 1,
  turn: 1,
  buildId: 'b:1',
  at: NOW.toISOString(),
};
const claimed = (given: Parameters<typeof anOperation>[0] = {}) =>
  aLease({ operation: anOperation({ requestId: 'b:1', ...given }) });
const answer = { outcome: 'applied', revision: 3, because: 'x' };

test.each<[string, BuildSeen, object]>([
  [
    'its answer stands, whatever else is true',
    { build: { ...build, answer }, lease: claimed() },
    { is: 'answered', answer },
  ],
  ['no build: nothing to wait for', {}, { is: 'over', because: 'no build started' }],
  [
    'a twin of it ended, which says nothing of the one at work',
    { build, lease: claimed(), over: 'b:twin' },
    { is: 'at-work', until: later(14).toISOString() },
  ],
  ['it ended, and its claim with it', { build, lease: claimed(), over: 'b:1' }, { is: 'over', dead: 'b:1' }],
  [
    'nobody knows: its claim has to run out',
    { build, lease: claimed() },
    { is: 'at-work', until: later(14).toISOString() },
  ],
  ['its claim has run out', { build, lease: claimed({ hardEnd: NOW.toISOString() }) }, { is: 'over', dead: 'b:1' }],
  ['it said itself that it was over', { build, lease: claimed({ overAt: NOW.toISOString() }) }, { is: 'over' }],
])('%s', (_, seen, expected) => {
  expect(judgeBuild(seen, NOW)).toMatchObject(expected);
});

test.each(['b:1', undefined])('another’s claim is nobody’s to end (over: %s)', (over) => {
  const verdict = judgeBuild({ build, lease: aLease({ operation: anOperation({ requestId: 'a-call' }) }), over }, NOW);
  expect(verdict).toEqual({ is: 'over', because: 'build b:1 ended without an answer' });
});
