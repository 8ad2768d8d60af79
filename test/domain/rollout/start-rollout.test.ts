import { describe, expect, it } from 'vitest';
import { type Asked, type Seen, startRollout } from '../../../domain/rollout/start-rollout.ts';
import { anEnvironment, aPackage, NOW } from '../../support/items.ts';
import { aPlace } from '../../support/rollout-seen.ts';

const pkg = aPackage({ rev: 3 });
const environment = (name: string, ring: string) => anEnvironment({ name, labels: { ring } });
const seen: Seen = { pkg, environments: [environment('dev', 'dev'), environment('prod', 'prod')], queue: [] };
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
    const answer = startRollout({ ...seen, environments: [], idempotency: item }, asked({ idempotency }), NOW);
    expect(answer).toEqual({ answer: 'same', id: 'before', matched: [] });
  });

  it.each([
    ['no environment at all', { ...seen, environments: [] }, 'no environment is registered yet: register one first'],
    ['no environment with the labels', seen, 'none of the 2 registered environments has the labels of {"ring":"moon"}'],
  ])('with %s is refused, saying so', (_what, what, because) => {
    expect(startRollout(what, asked({ stages: [stage({ ring: 'moon' })] }), NOW)).toEqual({
      answer: 'nothing-matched',
      because,
    });
  });

  describe('where only one rollout at a time is let in', () => {
    const alone = { ...seen, pkg: aPackage({ queue: 'reject' }) };
    const freeProd = [environment('dev', 'dev'), anEnvironment({ name: 'prod', labels: {}, queue: 'queue' })];

    it.each([
      ['nothing is open', [], 'accepted'],
      ['an open one goes there', [aPlace(3, ['prod'])], 'occupied'],
      ['an open one is not planned yet', [aPlace(3)], 'occupied'],
      ['open ones go elsewhere', [aPlace(3, ['staging'])], 'accepted'],
    ])('and %s', (_what, queue, answer) => {
      expect(startRollout({ ...alone, queue }, asked(), NOW).answer).toBe(answer);
    });

    it('names the open one, where it goes, and what to do', () => {
      const answer = startRollout({ ...alone, queue: [aPlace(3, ['prod', 'staging'], 'FIRST')] }, asked(), NOW);
      expect(answer).toEqual({
        answer: 'occupied',
        because:
          'rollout FIRST is open and goes to prod, where one rollout at a time is let in; wait for its end, or abort it: fairlead abort webui FIRST',
      });
    });

    it('the mode of an environment goes before its package’s, either way', () => {
      const open = [aPlace(3, ['prod'])];
      expect(startRollout({ ...alone, environments: freeProd, queue: open }, asked(), NOW).answer).toBe('accepted');
      const closed = [anEnvironment({ name: 'prod', labels: {}, queue: 'reject' })];
      expect(startRollout({ ...seen, environments: closed, queue: open }, asked(), NOW).answer).toBe('occupied');
    });

    it('a rollback waits for its turn instead of being turned away', () => {
      const rollback = { to: 'last-good', reason: 'bad', by: 'ann' } as const;
      const queue = [aPlace(3, ['prod'])];
      expect(startRollout({ ...alone, queue }, asked({ rollback }), NOW).answer).toBe('accepted');
    });
  });

  it('no more than 500 of a package may be open', () => {
    const queue = Array.from({ length: 500 }, (_, i) => aPlace(i + 1, ['dev']));
    expect(startRollout({ ...seen, queue }, asked(), NOW)).toMatchObject({ answer: 'too-many' });
    expect(startRollout({ ...seen, queue: queue.slice(1) }, asked(), NOW).answer).toBe('accepted');
  });
});
