/** A chart's folder on this machine as the files that its archive would hold. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { NotDone } from '../../contracts/not-done.ts';
import type { ReadChart } from '../../domain/values/chart-content.ts';
import { chartOf, type ReadChartProps } from './read-chart.ts';
import { type ChartFiles, wholeBudget } from './unpack-chart.ts';

/** As helm bounds archives. */
const MOST_BYTES = 100 * 1024 * 1024;
const MOST_FILES = 10_000;

/** @throws NotDone when there is no such folder, or more in it than a chart may hold */
export async function chartFolder(
  folder: string,
  readFeature: ReadChartProps['readFeature'],
): Promise<{ readonly files: ChartFiles; readonly chart: ReturnType<ReadChart> }> {
  const files = await filesIn(folder);
  if (!files.has('Chart.yaml')) throw new NotDone(`${folder} is no chart: it has no Chart.yaml`);
  return { files, chart: chartOf(files, wholeBudget(), readFeature) };
}

async function filesIn(folder: string): Promise<ChartFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new NotDone(`${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !isHidden(relative(folder, path)))
    .sort();
  if (paths.length > MOST_FILES)
    throw new NotDone(`${folder} has ${paths.length} files: a chart has at most ${MOST_FILES}`);
  const files = new Map<string, Uint8Array>();
  let left = MOST_BYTES;
  for (const path of paths) {
    left -= (await stat(path)).size;
    if (left < 0) throw new NotDone(`${folder} has more than ${MOST_BYTES} bytes: a chart has less`);
    files.set(relative(folder, path).replaceAll(sep, '/'), await readFile(path));
  }
  return files;
}

/** `.git` and the like belong to no chart. */
const isHidden = (path: string) => path.split(sep).some((part) => part.startsWith('.'));
