/**
 * How large will helm's record of a release be? It is written as helm writes it: JSON of chart, values and rendered objects, gzip,
 * base64 (https://github.com/helm/helm/blob/main/pkg/storage/driver/util.go). Times and the like are of the right length only.
 */
import { gzipSync } from 'node:zlib';
import type { RecordSize, ToRecord } from '../../domain/release/record-size.ts';
import { sortFiles } from './packed-charts.ts';
import { type ChartFiles, unpackChart, wholeBudget } from './unpack-chart.ts';

const TIME = '2026-11-21T20:18:29.709606517Z';
const MODIFIED = '2026-11-21T20:18:30Z';
/** They stand in the record in a form of their own. */
const APART = new Set(['values.yaml', 'values.schema.json', 'Chart.yaml', 'Chart.lock']);

/** Within a few percent of what helm stores. Of an archive that cannot be read only values and manifest count. */
export function releaseSize({ archive, chart, values, manifest }: ToRecord): RecordSize {
  const own = ownFiles(archive);
  const text = (name: string) => Buffer.from(own.get(name) ?? []);
  const kept = [...own].filter(([name]) => !APART.has(name));
  const files = kept.map(([name, bytes]) => ({ name, data: Buffer.from(bytes).toString('base64'), modtime: MODIFIED }));
  // Mostly conditions, of which little is left when they are rendered.
  const notes = text('templates/NOTES.txt').toString().slice(0, 500);
  const record = {
    name: 'release',
    info: {
      ...{ first_deployed: TIME, last_deployed: TIME },
      description: 'Upgrade complete',
      status: 'deployed',
      notes,
    },
    chart: {
      metadata: text('Chart.yaml').toString(),
      lock: text('Chart.lock').toString(),
      templates: files.filter(({ name }) => name.startsWith('templates/')),
      values: chart.values,
      schema: text('values.schema.json').toString('base64'),
      schemamodtime: MODIFIED,
      files: files.filter(({ name }) => !name.startsWith('templates/')),
      modtime: MODIFIED,
    },
    config: values,
    manifest,
    version: 1,
    namespace: 'namespace',
    apply_method: 'ssa',
  };
  const packed = gzipSync(asGoWrites(record), { level: 9 });
  const parts = new Map([...own].map(([name, bytes]) => [name, bytes.length]));
  parts.set('everything rendered', Buffer.byteLength(manifest));
  parts.set('the values', Buffer.byteLength(JSON.stringify(values)));
  return { bytes: Math.ceil(packed.length / 3) * 4, parts };
}

/** Packed charts are in the record only by what they render and by their values. */
function ownFiles(archive: Uint8Array): ChartFiles {
  const budget = wholeBudget();
  const unpacked = unpackChart(archive, budget);
  const sorted = unpacked.ok ? sortFiles('', unpacked.files, budget) : unpacked;
  return sorted.ok ? sorted.folder.own : new Map();
}

/** Go's JSON writes these characters out, and templates are full of them (https://pkg.go.dev/encoding/json#Marshal). */
function asGoWrites(record: unknown): string {
  const escaped: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(record).replaceAll(/[<>&]/g, (character) => escaped[character] ?? character);
}
