/** The operation `inspect`: everything that only the deployer can see of a cluster, told in lines. It claims and changes nothing. */
import type { InspectAnswer, InspectInput } from '../../../contracts/inspection.ts';
import { type Check, type CheckId, fail } from '../../../domain/inspection/check.ts';
import { judgeHelm } from '../../../domain/inspection/judge-deployer.ts';
import { judgeMode } from '../../../domain/inspection/judge-mode.ts';
import { inspectChart } from './inspect-chart.ts';
import { inspectCluster } from './inspect-cluster.ts';
import type { InspectDeps } from './inspect-deps.ts';

/** Whoever asked has an answer before this is over, whatever hangs. */
const LONGEST_MS = 18_000;

/** Never throws for what it finds. Done within 20 s. */
export function inspect(deps: InspectDeps) {
  return async (input: InspectInput): Promise<InspectAnswer> => {
    const { environment, cluster } = input;
    const over = deps.after(LONGEST_MS).then(() => 'over' as const);
    /** What hangs, or goes wrong in a way that nobody foresaw, is a line as well: of the first check that is not told yet. */
    const told = async (
      parts: readonly [Part, ...Part[]],
      look: (tell: (line: Check) => void) => Promise<readonly Check[]>,
    ) => {
      const soFar: Check[] = [];
      const stuckAt = () => parts.find((part) => soFar.every(({ check }) => check !== part)) ?? parts[0];
      const lines = look((line) => soFar.push(line)).catch((error: unknown) => {
        deps.log.error('an inspection went wrong', { environment, stuckAt: stuckAt(), error });
        return [...soFar, mishap(stuckAt(), error)];
      });
      const answer = await Promise.race([lines, over]);
      return answer === 'over' ? [...soFar, tooLate(stuckAt())] : answer;
    };

    const described = deps.describe(cluster);
    const chart = inspectChart(deps, input);
    const [helm, mode, ofCluster, ofChart] = await Promise.all([
      told(['helm'], async () => [judgeHelm(await deps.helm.version())]),
      told(['authentication-mode'], async () => [judgeMode(environment, cluster, await described)]),
      told(['network', 'tls', 'mapping', 'namespace'], (tell) =>
        inspectCluster(deps, { input, described, chart, tell }),
      ),
      told(['chart'], async () => (await chart).lines),
    ]);
    const rights = ofCluster.filter(({ check }) => check.startsWith('rbac:'));
    const way = ofCluster.filter(({ check }) => !check.startsWith('rbac:'));
    const checks = [...helm, ...mode, ...way, ...ofChart, ...rights];
    const wrong = checks.filter(({ state }) => state !== 'ok').map(({ check, state }) => `${check} ${state}`);
    deps.log.info('cluster inspected', { environment, cluster: cluster.name, checks: checks.length, wrong });
    return { outcome: 'inspected', at: deps.now().toISOString(), checks };
  };
}

type Part = Exclude<CheckId, `rbac:${string}`>;

function mishap(part: Part, error: unknown): Check {
  const says = `looking at it went wrong (${error instanceof Error ? error.message : String(error)})`;
  return fail(part, says, "the deployer's log has more: docs/runbooks/deploy-release.md");
}

function tooLate(part: Part): Check {
  const says = `not answered within ${LONGEST_MS / 1000} s`;
  return fail(part, says, 'try again; when it stays so, look at what answers slowly');
}
