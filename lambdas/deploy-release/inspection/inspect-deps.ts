/** What the operation `inspect` is handed: looks that change nothing. */
import type { InspectInput } from '../../../contracts/inspection.ts';
import type { DescribeCluster, HelmSight, Located, NewestChart } from '../../../domain/inspection/sights.ts';
import type { Charts, Clock, Log } from '../../../domain/ports.ts';

export interface InspectDeps {
  readonly now: Clock;
  readonly log: Log;
  /** Finds the cluster and who we are there; the session is named after the environment. `lookingAs` is whom it reads objects as, if not as us. */
  readonly locate: (cluster: InspectInput['cluster'], environment: string, lookingAs?: string) => Promise<Located>;
  readonly describe: DescribeCluster;
  readonly helm: HelmSight;
  readonly charts: Pick<Charts, 'resolve' | 'pull'> & { readonly newest: (chart: string) => Promise<NewestChart> };
  /** Is over after so many milliseconds. */
  readonly after: (milliseconds: number) => Promise<void>;
}
