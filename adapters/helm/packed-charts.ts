/**
 * A chart's files, sorted: its own, and those of the charts packed below `charts/`, as folders or archives, by helm's rules
 * (https://github.com/helm/helm/blob/main/pkg/chart/v2/loader/load.go).
 */
import { type Budget, type ChartFiles, unpackChart } from './unpack-chart.ts';

export interface ChartFolder {
  /** Without those of packed charts. */
  readonly own: ChartFiles;
  /** Each with where it stands, such as `charts/redis`. */
  readonly packed: readonly { readonly path: string; readonly files: ChartFiles }[];
}

export type Sorted =
  | { readonly ok: true; readonly folder: ChartFolder }
  | { readonly ok: false; readonly because: string };

/** `path` of the chart itself is empty. */
export function sortFiles(path: string, files: ChartFiles, budget: Budget): Sorted {
  const { own, below } = parted(files);
  const packed: { path: string; files: ChartFiles }[] = [];
  for (const [entry, found] of below) {
    const place = `${path === '' ? '' : `${path}/`}charts/${entry}`;
    const archive = entry.endsWith('.tgz') ? found.get('') : undefined;
    const unpacked = archive === undefined ? { ok: true as const, files: found } : unpackChart(archive, budget);
    if (!unpacked.ok) return { ok: false, because: `${place}: ${unpacked.because}` };
    // A file that stands in charts/ and is no chart, such as a README, is passed over.
    if (unpacked.files.has('Chart.yaml')) packed.push({ path: place, files: unpacked.files });
  }
  return { ok: true, folder: { own, packed } };
}

/** Files below `charts/` by the first name there; an archive stands alone, under an empty name. */
function parted(files: ChartFiles) {
  const own = new Map<string, Uint8Array>();
  const below = new Map<string, Map<string, Uint8Array>>();
  for (const [name, bytes] of files) {
    const [first, entry, ...rest] = name.split('/');
    if (first !== 'charts' || entry === undefined || name.endsWith('.prov')) {
      own.set(name, bytes);
    } else if (!/^[_.]/.test(entry)) {
      const of = below.get(entry) ?? new Map<string, Uint8Array>();
      below.set(entry, of.set(rest.join('/'), bytes));
    }
  }
  return { own, below };
}
