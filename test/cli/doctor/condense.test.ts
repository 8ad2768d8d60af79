import { expect, test } from 'vitest';
import { condense } from '../../../cli/doctor/condense.ts';
import type { Finding } from '../../../domain/doctor/finding.ts';

const line = (of: string, more: Partial<Finding> = {}): Finding => ({
  ...{ area: 'environment', of, check: 'network', state: 'ok', says: 'reached' },
  ...more,
});
const told = (findings: readonly Finding[]) => condense(findings).map(({ of, check, state }) => [of, check, state]);

test('environments that are as well as each other are told together, others by themselves', () => {
  const unlike = line('d', { package: 'webui', check: 'chart' });
  const broken = line('b', { check: 'tls', state: 'fail', fix: 'mend it' });
  expect(told([line('a'), line('b'), broken, line('c'), line('d'), unlike])).toEqual([
    ['a, c', 'cluster', 'ok'],
    ['b', 'cluster', 'ok'],
    ['b', 'tls', 'fail'],
    ['d', 'cluster', 'ok'],
    ['d', 'package webui', 'ok'],
  ]);
});

test('environments with the same trouble are told each by itself, for each has its own fix', () => {
  const broken = ['a', 'b', 'c'].map((of) => line(of, { state: 'fail', fix: `mend ${of}` }));
  expect(condense(broken)).toEqual(broken);
});

test('two environments are told in full', () => {
  expect(told([line('a'), line('b')])).toEqual([
    ['a', 'network', 'ok'],
    ['b', 'network', 'ok'],
  ]);
});
