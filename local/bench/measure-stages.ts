/** One rollout through several stages of many environments each: first installs, then a change to all of them. */
import type { ApiClient } from '../../contracts/api/client.ts';
import { STAGE_LABEL } from './bench-scene.ts';
import { type Ran, runRollout } from './run-rollout.ts';

export interface Size {
  readonly stages: number;
  /** Environments of each stage. */
  readonly environments: number;
  /** Deployments at once. */
  readonly parallel: number;
}

export interface Staged extends Size {
  /** Everything is installed, and every function of the way starts as often as it is needed at once. */
  readonly first: Ran;
  /** A change to all of them. */
  readonly warm: Ran;
}

/** The environments are those of `bench-scene.ts`, already granted. */
export async function measureStages(client: ApiClient, size: Size): Promise<Staged> {
  const stages = Array.from({ length: size.stages }, (_, i) => ({
    name: `s${i + 1}`,
    targets: [{ [STAGE_LABEL]: `s${i + 1}` }],
    maxParallel: size.parallel,
  }));
  const first = await runRollout(client, { stages, marker: 'stages-1' });
  return { ...size, first, warm: await runRollout(client, { stages, marker: 'stages-2' }) };
}
