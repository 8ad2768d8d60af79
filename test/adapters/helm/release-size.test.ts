import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { releaseSize } from '../../../adapters/helm/release-size.ts';
import { chartArchive } from '../../support/chart-archive.ts';

const noise = (bytes: number) => randomBytes(bytes).toString('base64');
const sizeOf = (files: Record<string, string>, manifest = '') =>
  releaseSize({ archive: chartArchive(files), chart: { values: {} }, values: {}, manifest });

test('what cannot be packed counts in full, with base64 on top', () => {
  const { bytes, parts } = sizeOf({ 'files/noise.txt': noise(300_000) });
  expect(bytes).toBeGreaterThan(400_000);
  expect(parts.get('files/noise.txt')).toBe(400_000);
});

test('what is rendered counts as well as what it is rendered from', () => {
  const text = noise(30_000);
  const { bytes, parts } = sizeOf({ 'templates/a.yaml': noise(30_000) }, text);
  expect(bytes).toBeGreaterThan(80_000);
  expect(parts.get('everything rendered')).toBe(text.length);
});

test('files of packed charts do not count', () => {
  const packed = { 'charts/db/Chart.yaml': 'name: db\nversion: 1.0.0', 'charts/db/noise.txt': noise(300_000) };
  expect(sizeOf(packed).bytes).toBeLessThan(2000);
});

test('what is no archive is only its values and what was rendered', () => {
  const broken = { archive: Buffer.from('no'), chart: { values: {} }, values: { a: 1 }, manifest: noise(3000) };
  expect([...releaseSize(broken).parts.keys()]).toEqual(['everything rendered', 'the values']);
});
