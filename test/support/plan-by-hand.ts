/** What the rollout machine's first step leaves behind, without charts and values: for tests of what comes after. */
import { keys } from '../../domain/keys.ts';
import { createDeployment, type FrozenPlan, recordPlan } from '../../domain/rollout/frozen-plan.ts';
import { sizedStage } from '../../domain/rollout/plan.ts';
import type { Table } from '../../domain/table.ts';
import { aCluster, someInputs } from './items.ts';

/** Plans rollout `id` of `webui` into these environments, each in the stage that it is told. */
export async function planByHand(
  { table, now }: { readonly table: Table; readonly now: () => Date },
  id: string,
  environments: Readonly<Record<string, string>>,
): Promise<void> {
  const [rollout, events, request] = await Promise.all([
    table.get(keys.rollout(id)),
    table.get(keys.events(id)),
    table.get(keys.request(id)),
  ]);
  const open = rollout && (await table.get(keys.open(rollout.package, rollout.sequence)));
  if (!rollout || !events || !request || !open) throw new Error(`rollout ${id} was not started`);
  const placed = Object.entries(environments);
  const plan: FrozenPlan = {
    v: 1,
    rolloutId: id,
    package: rollout.package,
    sequence: rollout.sequence,
    version: rollout.version,
    chart: 'oci://charts.example/webui',
    chartDigest: 'sha256:aaaa',
    timeoutMinutes: 10,
    forceConflicts: false,
    stages: request.stages.map((stage) => sizedStage(stage, placed.filter(([, at]) => at === stage.name).length)),
    deployments: placed.map(([environment, stage]) => ({
      environment,
      stage,
      place: { cluster: aCluster(), namespace: `web-${environment}`, release: 'webui' },
      deployer: 'default',
      inputs: someInputs(),
    })),
  };
  const writes = plan.deployments.map((deployment) => createDeployment(plan, deployment));
  await table.transact([...writes, ...recordPlan({ rollout, open, events }, plan, 'hmac-sha256:plan', now())]);
}
