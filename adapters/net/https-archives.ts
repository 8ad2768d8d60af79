/** Charts by HTTPS: from helm repositories, whose index lists them, and from places with one archive a version. */
import { createHash } from 'node:crypto';
import type { ChartArchives, FoundArchive } from '../../domain/registry/chart-archives.ts';
import { readChartPlace, VERSION_MARK } from '../../domain/registry/chart-place.ts';
import { newestVersion } from '../../domain/registry/newest-version.ts';
import { type IndexedVersion, readIndex } from './chart-index.ts';
import { type Downloaded, download } from './download.ts';

export interface HttpsArchivesProps {
  /** Plain HTTP, and addresses of our own: local stacks and sandboxes only. */
  readonly plainHttp: boolean;
  /** For each file. */
  readonly timeoutMs?: number;
}

const MOST_INDEX = 20 * 1024 * 1024;
const MOST_ARCHIVE = 20 * 1024 * 1024;

type Refusal = Extract<FoundArchive, { found: false }>;
type Listed = { readonly found: true; readonly versions: readonly IndexedVersion[] } | Refusal;

export function httpsArchives({ plainHttp, timeoutMs = 20_000 }: HttpsArchivesProps): ChartArchives {
  const get = (url: string, maxBytes: number) => download(url, { plainHttp, maxBytes, timeoutMs });

  const list = async (index: string, name: string): Promise<Listed> => {
    const answer = await get(index, MOST_INDEX);
    if (answer.is !== 'found') return refused(answer);
    const read = readIndex(new TextDecoder().decode(answer.body), name);
    if (!read.ok) return missing(`${index} ${read.because}`);
    return read.versions.length === 0 ? missing(`${index} has no chart ${name}`) : { found: true, ...read };
  };

  const archive = async (url: string, digest?: string): Promise<FoundArchive> => {
    const answer = await get(url, MOST_ARCHIVE);
    if (answer.is !== 'found') return refused(answer);
    const hex = createHash('sha256').update(answer.body).digest('hex');
    if (digest !== undefined && digest !== hex)
      return missing(`${url} is not the archive that the index lists: its digest is another`);
    return { found: true, archive: answer.body };
  };

  return {
    async fetch(chart, version) {
      const place = readChartPlace(chart);
      if (place?.in === 'archive') return archive(place.template.replaceAll(VERSION_MARK, encodeURIComponent(version)));
      if (place?.in !== 'repository') throw new Error(`not a place of charts by HTTPS: ${chart}`);
      const { index, name } = place;
      const listed = await list(index, name);
      if (!listed.found) return listed;
      const wanted = listed.versions.find((one) => one.version === version);
      if (wanted === undefined) return missing(`${index} has no version ${version} of ${name}: name one that is there`);
      const url = URL.parse(wanted.url, index);
      return url === null
        ? missing(`${index} names no place for ${name} ${version}`)
        : archive(url.href, wanted.digest);
    },

    async newest(chart) {
      const place = readChartPlace(chart);
      if (place?.in !== 'repository') return missing(`${chart} does not list its versions: name one`);
      const listed = await list(place.index, place.name);
      if (!listed.found) return listed;
      const version = newestVersion(listed.versions.map((one) => one.version));
      return version === undefined
        ? missing(`${place.index} has no version of ${place.name}`)
        : { found: true, version };
    },
  };
}

const missing = (because: string): Refusal => ({ found: false, code: 'chart-not-found', because });

function refused({ is, because }: Exclude<Downloaded, { is: 'found' }>): Refusal {
  return is === 'unreachable' ? { found: false, code: is, because } : missing(because);
}
