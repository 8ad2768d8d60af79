/** Many environments at once, alternating with as many bare helm commands at once. */
import type { ApiClient } from '../../contracts/api/client.ts';
import { atOnce } from './at-once.ts';
import type { BareHelm } from './bare-helm.ts';
import type { Scene } from './bench-scene.ts';
import { oneStage, type Ran, runRollout } from './run-rollout.ts';

export interface SideBySide {
  readonly environments: number;
  readonly parallel: number;
  /** Warm rollouts of a change to all environments. */
  readonly rollouts: readonly Ran[];
  /** The same changes by bare helm, each the wall time of all. */
  readonly bareMs: readonly number[];
}

/** The first of each warms up (workers, releases, namespaces) and counts for nothing. */
export async function measureSideBySide(
  client: ApiClient,
  { environments }: Scene,
  bare: BareHelm,
  { parallel, rounds }: { readonly parallel: number; readonly rounds: number },
): Promise<SideBySide> {
  const rollouts: Ran[] = [];
  const bareMs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const marker = `all-${round}`;
    const ran = await runRollout(client, { stages: oneStage({}, parallel), marker });
    const began = performance.now();
    await atOnce(environments, parallel, async (name) => void (await bare(`bare-${name}`, marker)));
    if (round === 0) continue;
    rollouts.push(ran);
    bareMs.push(performance.now() - began);
  }
  return { environments: environments.length, parallel, rollouts, bareMs };
}
