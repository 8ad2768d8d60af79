import { describe, expect, it } from 'vitest';
import { type Asked, type Seen, startRollout } from '../../../domain/rollout/start-rollout.ts';
import { anEnvironment, aPackage, NOW } from '../../support/items.ts';

const pkg = aPackage({ rev: 3 });
const environment = (name: string, ring: string) => anEnvironment({ name, labels: { ring } });
const seen: Seen = { pkg, environments: [environment('dev', 'dev'), environment('prod', 'prod')] };
const stage = (...targets: Record<string, string>[]) => ({
  name: 's',
  targets,
  soakMinutes: 0,
  maxParallel: 1,
  failureBudget: 0,
});
const asked = (over: Partial<Asked> = {}): Asked => ({
  id: '01JD0Z5Q6X3N8V7T2K4M9R1B0C',
  version: '1.0.0',
  stages: [stage({})],
  values: {},
  principal: { role: 'r', session: 's', account: '1' },
  claimed: {},
  ...over,
});
const idempotency = { key: 'k', bodyHash: 'h' };
const known = { type: 'idempotency', v: 1, rev: 1, rolloutId: 'before', expiresAt: NOW.getTime() / 1000 + 60 } as const;

describe('starting a rollout', () => {
  it('matches each environment once, however many targets match it', () => {
    const answer = startRollout(seen, asked({ stages: [stage({ ring: 'dev' }, {}), stage({})] }), NOW);
    expect(answer).toMatchObject({ answer: 'accepted', matched: ['dev', 'prod'] });
  });

  it('takes the next sequence and holds on to the package that it read', () => {
    const counter = { type: 'counter', v: 1, rev: 7, last: 41 } as const;
    const answer = startRollout({ ...seen, counter }, asked(), NOW);
    const writes = answer.answer === 'accepted' ? answer.writes : [];
    const at = (sk: string) => writes.find(({ key }) => key.sk === sk);
    expect(at('COUNTER')).toMatchObject({ item: { last: 42, rev: 8 }, expect: { rev: 7 } });
    expect(at('OPEN#0000000042')).toMatchObject({ expect: 'absent' });
    expect(writes.find(({ key }) => key.pk === 'PACKAGES')).toEqual({
      do: 'check',
      key: expect.anything(),
      expect: { rev: 3 },
    });
  });

  it('remembers its key for seven days', () => {
    const answer = startRollout(seen, asked({ idempotency }), NOW);
    const written =
      answer.answer === 'accepted' ? answer.writes.find(({ key }) => key.type === 'idempotency') : undefined;
    expect(written).toMatchObject({
      item: { bodyHash: 'h', expiresAt: NOW.getTime() / 1000 + 7 * 86_400 },
      expect: 'absent',
    });
  });

  it.each([
    ['the same body is the same rollout', 'h', 60, 'same'],
    ['another body is refused', 'other', 60, 'key-reused'],
    ['an outlived key counts as none', 'other', -1, 'accepted'],
  ])('with a key that is known, %s', (_rule, bodyHash, seconds, answer) => {
    const item = { ...known, bodyHash, expiresAt: NOW.getTime() / 1000 + seconds };
    expect(startRollout({ ...seen, idempotency: item }, asked({ idempotency }), NOW).answer).toBe(answer);
  });

  it('answers the same rollout even when nothing matches any more', () => {
    const item = { ...known, bodyHash: 'h' };
    const answer = startRollout({ pkg, environments: [], idempotency: item }, asked({ idempotency }), NOW);
    expect(answer).toEqual({ answer: 'same', id: 'before', matched: [] });
  });

  it.each([
    ['no environment at all', { pkg, environments: [] }, 'no environment is registered yet: register one first'],
    ['no environment with the labels', seen, 'none of the 2 registered environments has the labels of {"ring":"moon"}'],
  ])('with %s is refused, saying so', (_what, what, because) => {
    expect(startRollout(what, asked({ stages: [stage({ ring: 'moon' })] }), NOW)).toEqual({
      answer: 'nothing-matched',
      because,
    });
  });
});
