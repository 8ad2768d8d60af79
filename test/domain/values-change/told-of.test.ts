import { expect, test } from 'vitest';
import { toldOf } from '../../../domain/values-change/told-of.ts';

const change = (i: number, by: string) => ({ name: `n${String(i).padStart(3, '0')}`, version: 1, by, at: '' });

test('few changes are all told, by name', () => {
  expect(toldOf([change(2, 'a'), change(1, 'a')]).map(({ name }) => name)).toEqual(['n001', 'n002']);
});

test('of very many the first are told, and everybody who changed one', () => {
  const many = Array.from({ length: 500 }, (_, i) => change(i, i === 499 ? 'the-last-one' : 'ann'));
  const told = toldOf(many);
  expect(told).toHaveLength(50);
  expect(new Set(told.map(({ by }) => by))).toEqual(new Set(['ann', 'the-last-one']));
  expect(told[0]?.name).toBe('n000');
});
