/** A GitHub token changes something once: only the very same call may come again with it. */
import type { TokenItem } from '../items/audit.ts';
import { keys } from '../keys.ts';
import { changingBy, create, type Table, unchanged, type Write } from '../table.ts';

export interface TokenUse {
  readonly jti: string;
  /** Hash of method, path, idempotency key and body. */
  readonly usedFor: string;
  /** When the token ends. */
  readonly expiresAt: Date;
}

export type UseAnswer =
  /** Never seen, or seen for this very call: with `writes` beside them, the call's own hold only if that stays true. */
  | { readonly answer: 'first' | 'repeat'; readonly writes: readonly Write[] }
  | { readonly answer: 'reused'; readonly because: string };

/** Remembered longer than the token lives by any clock. */
const KEPT_SECONDS = 86_400;

/** Decides whether the call may use the token. */
export function useToken(seen: TokenItem | undefined, { jti, usedFor, expiresAt }: TokenUse): UseAnswer {
  const key = keys.token(jti);
  if (seen === undefined) {
    const until = Math.ceil(expiresAt.getTime() / 1000) + KEPT_SECONDS;
    return { answer: 'first', writes: [create(key, { type: 'token', v: 1, jti, usedFor, expiresAt: until })] };
  }
  if (seen.usedFor === usedFor) return { answer: 'repeat', writes: [unchanged(key, seen)] };
  return {
    answer: 'reused',
    because:
      'this token changed something already, by another call: ask GitHub for a fresh one for each call that changes something',
  };
}

/** The token was used for another call. */
export class TokenReused extends Error {
  override readonly name = 'TokenReused';
}

/**
 * `table`, whose transactions use the token up along with what they change: of two different calls with one token at the same time, one goes through.
 * Transactions that only check are left alone.
 * @throws TokenReused from `transact`
 */
export function tokenTable(table: Table, use: TokenUse): Table {
  return changingBy(table, async (writes) => table.transact([...writes, ...(await refuseReused(table, use))]));
}

/** What uses the token up. @throws TokenReused */
export async function refuseReused(table: Pick<Table, 'get'>, use: TokenUse): Promise<readonly Write[]> {
  const answer = useToken(await table.get(keys.token(use.jti)), use);
  if (answer.answer === 'reused') throw new TokenReused(answer.because);
  return answer.writes;
}
