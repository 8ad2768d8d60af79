/** One deployment at a time, alternating with the bare helm command: A B A B. */
import type { ApiClient } from '../../contracts/api/client.ts';
import type { BareHelm } from './bare-helm.ts';
import type { Scene } from './bench-scene.ts';
import { oneStage, type Ran, runRollout } from './run-rollout.ts';

export interface OneByOne {
  /** The first rollout: every function but the API's starts, and its release is installed. */
  readonly cold: Ran;
  readonly warm: readonly Ran[];
  readonly bareMs: readonly number[];
}

/** `rounds` warm rollouts of a change to one environment, each followed by one bare run of the same change. */
export async function measureOneByOne(
  client: ApiClient,
  { environments: [only = ''] }: Scene,
  bare: BareHelm,
  rounds: number,
): Promise<OneByOne> {
  const wish = (marker: string) => ({ stages: oneStage({ only }, 1), marker });
  const cold = await runRollout(client, wish('cold'));
  await bare('bare-one', 'cold');
  const warm: Ran[] = [];
  const bareMs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    warm.push(await runRollout(client, wish(`one-${round}`)));
    bareMs.push(await bare('bare-one', `one-${round}`));
  }
  return { cold, warm, bareMs };
}
