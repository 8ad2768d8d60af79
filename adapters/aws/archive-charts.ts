/**
 * Charts whose places know no digests. What is planned is copied under its digest beside the plans, and read from there ever after: what the place makes of a version later changes nothing.
 */
import { createHash } from 'node:crypto';
import type { Charts, Objects } from '../../domain/ports.ts';
import type { ChartArchives } from '../../domain/registry/chart-archives.ts';

export interface ArchiveChartsProps {
  readonly copies: Objects;
  /** Who fetches from this place; undefined where copies are read only. */
  readonly archivesAt?: (place: string) => ChartArchives;
}

const FOLDER = 'charts/';

const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const keyOf = (digest: string) => `${FOLDER}${digest.replace(':', '-')}.tgz`;

/** The port `Charts`. Digests are those of the archives. */
export function archiveCharts({ copies, archivesAt }: ArchiveChartsProps): Charts {
  return {
    async resolve(place, version) {
      if (archivesAt === undefined)
        return { found: false, code: 'chart-not-found', because: `${place} is read when a rollout is planned` };
      const fetched = await archivesAt(place).fetch(place, version);
      if (!fetched.found) return fetched;
      const digest = sha256(fetched.archive);
      await copies.putOnce(keyOf(digest), fetched.archive);
      return { found: true, digest };
    },

    async pull(place, digest) {
      const archive = await copies.get(keyOf(digest));
      if (archive === undefined) {
        return {
          pulled: false,
          code: 'chart-not-found',
          because: `the copy of ${place}@${digest} is gone: start a new rollout`,
        };
      }
      if (sha256(archive) === digest) return { pulled: true, archive };
      return {
        pulled: false,
        code: 'chart-changed',
        because: `the copy of ${place}@${digest} is not what was planned`,
      };
    },
  };
}
