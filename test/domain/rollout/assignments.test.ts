import { expect, test } from 'vitest';
import { nameTarget } from '../../../adapters/name-target.ts';
import type { AssignmentItem } from '../../../domain/items/queue.ts';
import type { RolloutItem } from '../../../domain/items/rollout.ts';
import { keys } from '../../../domain/keys.ts';
import { assign } from '../../../domain/rollout/assignments.ts';
import type { Labels } from '../../../domain/target.ts';
import { aRollout, aStage, NOW, OTHER_ROLLOUT, ROLLOUT } from '../../support/items.ts';

const rollout = (...targets: (readonly Labels[])[]) => {
  const stages = targets.map((some, i) => ({ ...aStage({ name: `s${i}`, targets: some }), size: 1 }));
  return aRollout({ plan: { ...aRollout().plan, stages } as RolloutItem['plan'] });
};
const standing = (target: Labels, sequence: number): AssignmentItem => ({
  type: 'assignment',
  v: 1,
  rev: 3,
  package: 'webui',
  target,
  rolloutId: OTHER_ROLLOUT,
  sequence,
  version: '1.0.0',
  inputsDigest: 'hmac-sha256:old',
  at: NOW.toISOString(),
});
const RING = { ring: 'canary' };

test('every target of every stage gets one, each once', () => {
  const writes = assign(rollout([RING], [RING, {}]), [], nameTarget, NOW);
  expect(writes).toHaveLength(2);
  expect(writes[0]).toMatchObject({
    key: keys.assignment('webui', nameTarget(RING)),
    expect: 'absent',
    item: { target: RING, rolloutId: ROLLOUT, sequence: 7, version: '1.4.2', inputsDigest: 'hmac-sha256:plan' },
  });
});

test('the order of labels makes no other target', () => {
  expect(assign(rollout([{ a: '1', b: '2' }], [{ b: '2', a: '1' }]), [], nameTarget, NOW)).toHaveLength(1);
});

test.each([
  [6, 1],
  [7, 0],
  [8, 0],
])('one of sequence %i is replaced by ours of 7: %i', (sequence, writes) => {
  expect(assign(rollout([RING]), [standing(RING, sequence)], nameTarget, NOW)).toHaveLength(writes);
});

test('it replaces what was seen, and nothing newer', () => {
  expect(assign(rollout([RING]), [standing(RING, 6)], nameTarget, NOW)).toMatchObject([{ expect: { rev: 3 } }]);
});

test('a rollout without a plan leaves nothing behind', () => {
  expect(assign(aRollout({ plan: undefined }), [], nameTarget, NOW)).toEqual([]);
});
