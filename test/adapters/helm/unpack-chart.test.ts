import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpackChart } from '../../../adapters/helm/unpack-chart.ts';
import { archiveOfEntries, type Entry } from '../../support/chart-archive.ts';

const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString());

const chart: Entry = { path: 'web/Chart.yaml', content: 'name: web\n' };

describe('a chart that is one', () => {
  test('is its files by their paths below the folder; folders and links are left out', () => {
    const archive = archiveOfEntries([
      { path: 'web/', type: 'Directory' },
      chart,
      { path: 'web/./templates//a.yaml', content: 'kind: A' },
      { path: 'web/link', type: 'SymbolicLink', linkpath: '/etc/passwd' },
    ]);
    const unpacked = unpackChart(archive);
    expect(unpacked.ok && [...unpacked.files.keys()]).toEqual(['Chart.yaml', 'templates/a.yaml']);
  });

  test('may be packed on Windows', () => {
    const unpacked = unpackChart(archiveOfEntries([{ path: 'web\\templates\\a.yaml', content: 'kind: A' }]));
    expect(unpacked.ok && text(unpacked.files.get('templates/a.yaml'))).toBe('kind: A');
  });

  test('loses the byte order mark that an editor put before a file', () => {
    const unpacked = unpackChart(archiveOfEntries([{ path: 'web/values.yaml', content: '\uFEFFa: 1' }]));
    expect(unpacked.ok && text(unpacked.files.get('values.yaml'))).toBe('a: 1');
  });
});

describe('an archive that nobody should make', () => {
  const many = Array.from({ length: 10_001 }, (_, n) => ({ path: `web/${n}` }));
  test.each<[string, Uint8Array, RegExp]>([
    ['no gzip', Buffer.from('hello'), /no gzip/],
    ['gzip of no tar', gzipSync('hello'.repeat(500)), /no tar/],
    ['cut off', gzipSync(Buffer.concat([Buffer.from('web/Chart.yaml'), Buffer.alloc(300)])), /no tar|no files/],
    ['nothing in it', archiveOfEntries([{ path: 'web/', type: 'Directory' }]), /no files/],
    ['out of its folder', archiveOfEntries([{ path: 'web/../../etc/passwd' }]), /leads out of the chart's folder/],
    ['an absolute path', archiveOfEntries([{ path: 'web//etc/passwd' }]), /is not inside the chart's folder/],
    ['a drive', archiveOfEntries([{ path: 'web/c:/windows' }]), /names a drive/],
    ['no folder', archiveOfEntries([{ path: 'Chart.yaml' }]), /not in a folder/],
    ['ten thousand and one entries', archiveOfEntries(many), /more than 10000 entries/],
    [
      'a huge file',
      archiveOfEntries([{ path: 'web/a', content: Buffer.alloc(5 * 1024 * 1024 + 1) }]),
      /web\/a has more/,
    ],
    ['a bomb', gzipSync(Buffer.alloc(101 * 1024 * 1024)), /unpacks to more than 104857600 bytes/],
  ])('%s is refused', (_, archive, because) => {
    const unpacked = unpackChart(archive);
    expect(unpacked.ok ? 'accepted' : unpacked.because).toMatch(because);
  });

  test('archives within archives share one budget', () => {
    const budget = { bytes: 4096 };
    const small = archiveOfEntries([chart]);
    expect(unpackChart(small, budget).ok).toBe(true);
    expect(unpackChart(small, budget).ok).toBe(true);
    expect(unpackChart(small, budget).ok).toBe(false);
  });
});
