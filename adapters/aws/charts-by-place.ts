/** All charts, whichever kind of place they are in. */
import type { NewestChart } from '../../domain/inspection/sights.ts';
import type { Charts } from '../../domain/ports.ts';
import type { ChartArchives } from '../../domain/registry/chart-archives.ts';
import { isCopied } from '../../domain/registry/chart-place.ts';
import type { OciCharts } from './oci-charts.ts';

export interface ChartsByPlaceProps {
  readonly oci: OciCharts;
  /** For all other places: `archiveCharts`. */
  readonly copied: Charts;
  /** Who knows the versions there; undefined where they are not asked. */
  readonly archivesAt?: (place: string) => ChartArchives;
}

/** The port `Charts` with the newest version of each. */
export function chartsByPlace({ oci, copied, archivesAt }: ChartsByPlaceProps): OciCharts {
  const of = (place: string): Charts => (isCopied(place) ? copied : oci);
  const unasked = (place: string): NewestChart => ({
    found: false,
    code: 'chart-not-found',
    because: `${place} is asked when a rollout is planned`,
  });
  return {
    resolve: (place, version) => of(place).resolve(place, version),
    pull: (place, digest) => of(place).pull(place, digest),
    newest: async (place) => {
      if (!isCopied(place)) return oci.newest(place);
      return archivesAt === undefined ? unasked(place) : archivesAt(place).newest(place);
    },
  };
}
