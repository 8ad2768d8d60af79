/**
 * The files in a chart's .tgz, in memory, by helm's own rules for what an archive may hold
 * (https://github.com/helm/helm/blob/main/pkg/chart/loader/archive/archive.go): one folder, no ways out of it, bounded.
 */
import { posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';

/** helm's own: all files together, and each of them. */
const MOST_BYTES = 100 * 1024 * 1024;
const MOST_FILE_BYTES = 5 * 1024 * 1024;
const MOST_FILES = 10_000;

/** By path below the chart's folder. */
export type ChartFiles = ReadonlyMap<string, Uint8Array>;

/** How much may still be unpacked, archives within archives included. */
export interface Budget {
  bytes: number;
}

export const wholeBudget = (): Budget => ({ bytes: MOST_BYTES });

export type Unpacked =
  | { readonly ok: true; readonly files: ChartFiles }
  | { readonly ok: false; readonly because: string };

/** Never throws: what is no archive, or no chart's, is told with the name of the entry. Links and devices are left out, as helm leaves them. */
export function unpackChart(archive: Uint8Array, budget: Budget = wholeBudget()): Unpacked {
  const raw = gunzipped(archive, budget.bytes);
  if (raw === undefined) {
    return { ok: false, because: `the archive is no gzip, or unpacks to more than ${MOST_BYTES} bytes` };
  }
  budget.bytes -= raw.length;
  const files = new Map<string, Uint8Array>();
  let entries = 0;
  let fault: string | undefined;
  const take = (entry: ReadEntry) => {
    entries += 1;
    const name = chartPath(entry.path);
    if (entries > MOST_FILES) fault ??= `the archive has more than ${MOST_FILES} entries`;
    else if (isFile(entry) && !name.ok) fault ??= name.because;
    else if (entry.size > MOST_FILE_BYTES) fault ??= `${entry.path} has more than ${MOST_FILE_BYTES} bytes`;
    if (fault !== undefined || !name.ok || !isFile(entry)) return void entry.resume();
    const chunks: Buffer[] = [];
    entry.on('data', (chunk) => chunks.push(chunk));
    entry.on('end', () => files.set(name.path, withoutMark(Buffer.concat(chunks))));
  };
  const parser = new Parser({ strict: true, onReadEntry: take });
  parser.on('error', (error: Error) => {
    fault ??= `the archive is no tar: ${error.message}`;
  });
  // What is whole is parsed before `end` returns.
  parser.end(raw);
  if (fault === undefined && files.size === 0) fault = 'the archive has no files';
  return fault === undefined ? { ok: true, files } : { ok: false, because: fault };
}

function gunzipped(archive: Uint8Array, most: number): Buffer | undefined {
  try {
    return gunzipSync(archive, { maxOutputLength: Math.max(1, most) });
  } catch {
    return undefined; // no gzip, cut off, or too much: said by the caller
  }
}

const isFile = ({ type }: ReadEntry) => type === 'File' || type === 'OldFile' || type === 'ContiguousFile';

type ChartPath = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly because: string };

/** What stands below the archive's one folder. */
function chartPath(entry: string): ChartPath {
  const delimiter = entry.includes('\\') ? '\\' : '/';
  const [folder, ...rest] = entry.split(delimiter);
  const below = rest.join('/');
  const path = posix.normalize(below);
  const refuse = (why: string): ChartPath => ({ ok: false, because: `the archive's entry ${entry} ${why}` });
  if (folder === 'Chart.yaml') return refuse('is not in a folder named after the chart');
  if (below.startsWith('/') || below === '' || path === '.') return refuse("is not inside the chart's folder");
  if (path.startsWith('..')) return refuse("leads out of the chart's folder");
  if (/^[a-zA-Z]:\//.test(path)) return refuse('names a drive');
  return { ok: true, path };
}

/** Files of some editors begin with a byte order mark, which helm takes off. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
