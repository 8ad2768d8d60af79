/** Archives of charts by version, from places that know no digests. */
import type { NewestChart } from '../inspection/sights.ts';

export type FoundArchive =
  | { readonly found: true; readonly archive: Uint8Array }
  | { readonly found: false; readonly code: 'chart-not-found' | 'unreachable'; readonly because: string };

export interface ChartArchives {
  /** `place` is one of theirs. */
  fetch(place: string, version: string): Promise<FoundArchive>;
  newest(place: string): Promise<NewestChart>;
}
