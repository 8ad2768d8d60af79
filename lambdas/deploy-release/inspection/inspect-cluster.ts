/** From the way to the cluster to the rights in it, each step only when the one before held. */
import type { InspectInput } from '../../../contracts/inspection.ts';
import { lookingAs } from '../../../domain/deployment/acting-as.ts';
import { type Check, fail } from '../../../domain/inspection/check.ts';
import { judgeMapping } from '../../../domain/inspection/judge-mapping.ts';
import { judgeWay } from '../../../domain/inspection/judge-way.ts';
import type { ClusterSight, DescribeCluster } from '../../../domain/inspection/sights.ts';
import type { InspectedChart } from './inspect-chart.ts';
import type { InspectDeps } from './inspect-deps.ts';
import { inspectRights } from './inspect-rights.ts';

export interface ClusterAsked {
  readonly input: InspectInput;
  readonly described: ReturnType<DescribeCluster>;
  readonly chart: Promise<InspectedChart>;
  /** Lines that are known already, in case that a later step hangs. */
  readonly tell: (line: Check) => void;
}

export async function inspectCluster(deps: InspectDeps, asked: ClusterAsked): Promise<readonly Check[]> {
  const { environment, cluster, package: pkg } = asked.input;
  const located = await deps.locate(cluster, environment, lookingAs(pkg?.actAs));
  if (!located.found)
    return [fail('network', located.because, `register environment ${environment} so that its cluster is found`)];
  const { sight } = located;
  try {
    const lines: Check[] = [];
    const told = (...more: readonly Check[]) => {
      lines.push(...more);
      for (const line of more) asked.tell(line);
      return more.every(({ state }) => state !== 'fail');
    };
    if (!told(...(await inspectWay(deps, asked, sight)))) return lines;
    if (!told(judgeMapping({ environment, cluster: cluster.name }, await sight.whoAmI()))) return lines;
    if (pkg === undefined) return lines;
    const { kinds } = await asked.chart;
    return [...lines, ...(await inspectRights(sight, { environment, package: pkg, kinds }))];
  } finally {
    sight.close();
  }
}

async function inspectWay(deps: InspectDeps, { input, described }: ClusterAsked, sight: ClusterSight) {
  const [way, eks] = await Promise.all([sight.way(), described]);
  const isPrivate = eks.isPrivate === true;
  return judgeWay({ environment: input.environment, server: sight.server, isPrivate }, way, deps.now());
}
