import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../install/lock.ts';
import { identityOf } from '../process/process-identity.ts';
import { endLeftOvers } from './end-left-overs.ts';
import { findStack } from './find-stack.ts';
import { removeState, type StackState, writeState } from './stack-state.ts';

export type Claim =
  | { readonly claimed: true; readonly state: StackState & { phase: 'starting' } }
  | {
      readonly claimed: false;
      readonly found: 'starting' | 'ready';
      readonly state: StackState;
      readonly because: string;
    };

/**
 * Makes this process the keeper of the folder's stack, unless a living one keeps it already. What a dead keeper left is cleared away first.
 * Of several that ask at once, one gets it.
 */
export async function claimStack(folder: string, now: () => Date = () => new Date()): Promise<Claim> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await withLock(join(folder, 'claim.lock'), { timeoutMs: 60_000 }, async () => {
    const seen = await findStack(folder);
    if (seen.found === 'ready' || seen.found === 'starting') {
      const because = `process ${seen.state.keeper.pid} keeps a stack in ${folder} since ${seen.state.startedAt}`;
      return { claimed: false, found: seen.found, state: seen.state, because };
    }
    if (seen.found === 'stale') {
      await endLeftOvers(seen.state);
      await removeState(folder, seen.state.id);
    }
    const keeper = await identityOf(process.pid);
    if (keeper === undefined) throw new Error(`process ${process.pid} does not find itself in the list of processes`);
    const state = {
      v: 1 as const,
      id: randomUUID(),
      keeper,
      startedAt: now().toISOString(),
      phase: 'starting' as const,
    };
    await writeState(folder, state);
    return { claimed: true, state };
  });
}
