/** Plans on a scene of the deployer: what would change of a release that a real cluster has. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { canonicalJson } from '../../../adapters/canonical-json.ts';
import { previewSight } from '../../../adapters/helm/preview-sight.ts';
import { releaseSize } from '../../../adapters/helm/release-size.ts';
import { EnvironmentDiff } from '../../../contracts/plan-diff.ts';
import type { FrozenPlan } from '../../../domain/rollout/frozen-plan.ts';
import { planDiffKey, planKey } from '../../../domain/rollout/frozen-plan.ts';
import type { Leaf } from '../../../domain/values/effective.ts';
import { diff } from '../../../lambdas/deploy-release/preview/diff.ts';
import type { DeployedValues, DiffDeps } from '../../../lambdas/deploy-release/preview/preview-deps.ts';
import { ROLLOUT, someInputs } from '../items.ts';
import { keptLog } from '../kept-log.ts';
import type { World } from './scene.ts';

export interface PlannedChart {
  readonly namespace: string;
  readonly archive: Uint8Array;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly secrets?: readonly string[];
  readonly leaves?: readonly Leaf[];
  readonly deployed?: DeployedValues;
  readonly forceConflicts?: boolean;
  readonly actAs?: string;
  readonly token?: () => Promise<string>;
}

export const digestOf = (content: string | Uint8Array) =>
  `hmac-sha256:${createHash('sha256').update(content).digest('hex')}`;

/** What the operation `diff` puts beside the plan, and every text that it wrote. */
export async function previewed(world: World, chart: PlannedChart): Promise<{ diff: EnvironmentDiff; text: string }> {
  const { namespace, archive, values = {}, secrets = [], leaves = [], forceConflicts = false, actAs } = chart;
  const inputs = someInputs();
  const place = { cluster: { name: 'dev', account: '000000000000', region: 'eu-north-1' }, namespace, release: 'web' };
  const plan: FrozenPlan = {
    ...{ v: 1, rolloutId: ROLLOUT, package: 'webui', sequence: 0, version: inputs.version, chart: inputs.chart },
    ...{ chartDigest: inputs.chartDigest, timeoutMinutes: 5, forceConflicts, stages: [] },
    deployments: [
      {
        environment: 'dev',
        stage: 'everyone',
        place,
        deployer: 'default',
        ...(actAs !== undefined && { actAs }),
        inputs,
      },
    ],
  };
  const objects = new Map<string, string>([[planKey(ROLLOUT, 'plans'), JSON.stringify(plan)]]);
  const { server, caData } = world.cluster;
  const deps: DiffDeps = {
    plans: {
      putOnce: async (key, content) => {
        objects.set(key, String(content));
        return 'written';
      },
      get: async (key) => {
        const content = objects.get(key);
        return content === undefined ? undefined : new TextEncoder().encode(content);
      },
    },
    now: () => new Date(),
    log: keptLog(),
    digest: async (content) => digestOf(content),
    canonical: canonicalJson,
    prepare: async () => ({
      ok: true,
      inputs: { namespace, release: 'web', archive, values },
      leaves,
      orphans: [],
      chart: { values: {} },
      secrets,
    }),
    deployed: async () => chart.deployed ?? { known: true, leaves: [], secrets: [] },
    look: async () => ({
      reached: true,
      sight: previewSight({
        ...{ server, ca: Buffer.from(caData, 'base64').toString(), token: chart.token ?? world.token },
        ...{ helm: world.helm, temporary: tmpdir(), now: () => new Date(), actAs },
      }),
    }),
    remedy: async (_plan, _deployment, { because }) => `${because}: grant it`,
    recordSize: releaseSize,
  };
  const input = { v: 1 as const, planId: ROLLOUT, operation: 'diff' as const, environments: ['dev'] };
  const { environments } = await diff(deps)(input);
  const text = objects.get(planDiffKey(ROLLOUT, 'dev')) ?? '';
  const found = EnvironmentDiff.parse(JSON.parse(text));
  if (environments[0]?.state !== found.state) throw new Error('the answer says another state than the file');
  return { diff: found, text };
}
