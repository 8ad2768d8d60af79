import { expect, test } from 'vitest';
import { Failure } from '../../../contracts/machines.ts';
import { smallFailure } from '../../../domain/deployment/failure.ts';

test('a failure fits through a machine, whatever it is made of', () => {
  const long = 'x'.repeat(5000);
  const culprits = Array.from({ length: 50 }, () => ({ kind: long, name: long, namespace: long, because: long }));
  const small = smallFailure('not-ready', long, culprits);
  expect(Failure.parse(small).objects).toHaveLength(20);
  expect(small.because.endsWith('…')).toBe(true);
});

test('a failure of nobody in particular names no objects', () => {
  expect(smallFailure('internal', 'no')).toEqual({ code: 'internal', because: 'no' });
});

test('what others said travels without their secrets', () => {
  const small = smallFailure('not-ready', 'password=a', [{ kind: 'Pod', name: 'p', because: 'token: b' }]);
  expect(JSON.stringify(small)).not.toMatch(/=a|: b/);
});
