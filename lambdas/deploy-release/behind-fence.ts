/** Runs helm behind the fence of what this call has claimed. */
import type { Fence, HelmAnswer } from '../../domain/release/helm.ts';
import type { Deps } from './deps.ts';
import { type Claimed, keepLease } from './keep-lease.ts';
import { recordEnd, type Work } from './operation.ts';

/** Whatever `run` throws, the operation is over when it does. */
export async function behindFence(
  deps: Deps,
  work: Work,
  claimed: Claimed,
  run: (fence: Fence) => Promise<HelmAnswer>,
): Promise<HelmAnswer> {
  const kept = keepLease(deps, work, claimed);
  try {
    return await run(kept.fence);
  } catch (error) {
    await recordEnd(deps, work);
    throw error;
  } finally {
    await kept.stop();
  }
}
