import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DOCTOR_CHECKS } from '../../domain/doctor/finding.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/doctor.md'), 'utf8');
const rows = guide.split('\n').filter((line) => line.startsWith('| '));

test.each(Object.entries(DOCTOR_CHECKS).flatMap(([area, checks]) => checks.map((check) => [area, check] as const)))(
  'the guide explains %s: %s',
  (area, check) => {
    const own = rows.filter((row) => row.startsWith(`| ${area} |`)).map((row) => row.split('|')[2] ?? '');
    expect(own.some((cell) => cell.includes(`\`${check}\``))).toBe(true);
  },
);

test('the guide explains nothing that is not looked at', () => {
  const named = rows.slice(1).flatMap((row) => {
    const [, area = '', checks = ''] = row.split('|').map((cell) => cell.trim());
    return [...checks.matchAll(/`([^`]+)`/g)].map(([, check]) => `${area} ${check}`);
  });
  const looked = Object.entries(DOCTOR_CHECKS).flatMap(([area, checks]) => checks.map((check) => `${area} ${check}`));
  expect(named.sort()).toEqual([...looked, 'environment rbac:KIND'].sort());
});
