import { expect, test } from 'vitest';
import { leftOutByKind, leftOutText } from '../../../../domain/values/feature/fit-kinds.ts';
import { anEnvironment } from '../../../support/items.ts';

const environments = [
  { environment: anEnvironment({ name: 'dev', kind: 'tenant' }) },
  { environment: anEnvironment({ name: 'ops', kind: 'management' }) },
  { environment: anEnvironment({ name: 'bare' }) },
];

test('a chart without Feature.yaml goes everywhere', () => {
  expect(leftOutByKind(undefined, environments)).toEqual([]);
});

test('environments of other kinds, and those of none, are left out with the reason', () => {
  const leftOut = leftOutByKind({ environmentKinds: ['tenant', 'onprem'] }, environments);
  expect(leftOut).toEqual([
    { environment: 'ops', because: 'is of kind management; Feature.yaml names tenant, onprem' },
    { environment: 'bare', because: 'has no kind; Feature.yaml names tenant, onprem' },
  ]);
  expect(leftOutText(leftOut)).toBe(
    'not for ops (is of kind management; Feature.yaml names tenant, onprem), bare (has no kind; Feature.yaml names tenant, onprem)',
  );
});

test('of many only some are named', () => {
  const many = Array.from({ length: 8 }, (_, i) => ({ environment: `e${i}`, because: 'x' }));
  expect(leftOutText(many)).toMatch(/e4 \(x\) and 3 more$/);
});
