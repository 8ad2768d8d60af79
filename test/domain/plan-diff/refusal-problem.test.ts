import { expect, test } from 'vitest';
import type { Refusal } from '../../../domain/plan-diff/dry-run.ts';
import { type RefusalSeen, refusalProblem } from '../../../domain/plan-diff/refusal-problem.ts';

const object = { apiVersion: 'acme.io/v1', kind: 'Widget', name: 'w', namespace: 'web', content: {} };
const problem = (refusal: Refusal, more: Partial<RefusalSeen> = {}) =>
  refusalProblem({
    ...{ refusal, object, name: 'Widget w', forceConflicts: false, bringsNamespaces: [], bringsKinds: [] },
    ...more,
  });
const conflict = (...managers: string[]): Refusal => ({
  code: 'conflict',
  because: 'somebody owns .spec.replicas',
  conflicts: managers.map((manager) => ({ manager, field: '.spec.replicas' })),
});

test('a conflict blocks, unless the package takes fields over', () => {
  expect(problem(conflict('scaler'))).toMatchObject({ code: 'conflict', blocks: true, fields: ['.spec.replicas'] });
  expect(problem(conflict('scaler'), { forceConflicts: true })).toMatchObject({ code: 'conflict', blocks: false });
});

test('what helm 3 owned, helm 4 takes over', () => {
  expect(problem(conflict('helm'))).toBeUndefined();
  expect(problem(conflict('helm', 'scaler'))?.fields).toEqual(['.spec.replicas']);
});

test('a missing kind blocks, unless the release brings it along', () => {
  expect(problem({ code: 'no-such-kind', because: 'x' })).toMatchObject({ code: 'no-such-kind', blocks: true });
  expect(problem({ code: 'no-such-kind', because: 'x' }, { bringsKinds: ['acme.io/Widget'] })).toBeUndefined();
});

test('a missing namespace blocks, unless the release brings it along', () => {
  const refusal: Refusal = { code: 'no-namespace', because: 'namespaces "web" not found' };
  expect(problem(refusal)).toMatchObject({ code: 'no-namespace', blocks: true, outcome: 'forbidden' });
  expect(problem(refusal, { bringsNamespaces: ['web'] })).toBeUndefined();
});

test.each<[Refusal, object]>([
  [
    { code: 'immutable', because: 'x', fields: ['spec.selector'] },
    { code: 'immutable', blocks: true, outcome: 'rejected' },
  ],
  [
    { code: 'invalid', because: 'x', fields: [] },
    { code: 'invalid', blocks: true, outcome: 'rejected' },
  ],
  [
    { code: 'forbidden', because: 'x' },
    { code: 'forbidden', blocks: true, outcome: 'forbidden' },
  ],
  [
    { code: 'unauthorised', because: 'x' },
    { code: 'unauthorised', blocks: true, outcome: 'forbidden' },
  ],
  [
    { code: 'no-dry-run', because: 'x' },
    { code: 'no-dry-run', blocks: false },
  ],
  [
    { code: 'unreachable', because: 'x' },
    { code: 'unreachable', blocks: true, outcome: 'unreachable' },
  ],
  [
    { code: 'refused', because: 'x' },
    { code: 'invalid', blocks: true },
  ],
])('%j is %j', (refusal, expected) => {
  expect(problem(refusal)).toMatchObject(expected);
});
