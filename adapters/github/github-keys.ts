/** GitHub's public keys: fetched, kept, and fetched again when they rotate. */
import { createLocalJWKSet, errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import * as z from 'zod';
import type { Clock } from '../../domain/ports.ts';

/** The keys cannot be had, so nobody can say whether a token is genuine. */
export class KeysUnreachable extends Error {
  override readonly name = 'KeysUnreachable';
}

export interface GithubKeysProps {
  /** Of the key set (RFC 7517); `https`, or `http` on this machine only. */
  readonly url: string;
  readonly now: Clock;
  /** @default the runtime's */
  readonly fetch?: typeof fetch;
  /** How long GitHub may take to answer. @default 3000 */
  readonly timeoutMs?: number;
}

/** So old keys are read again before they serve. */
const FRESH_MS = 10 * 60_000;
/** While GitHub does not answer, keys as old as this still serve: it announces new keys long before it signs with them. Older ones serve nobody. */
const USABLE_MS = 24 * 3_600_000;
/** A key that nobody knows makes us look again, but not more often than this, whatever is sent. */
const COOLDOWN_MS = 30_000;
/** After a vain attempt everybody is told so at once, this long. */
const PAUSE_MS = 5_000;

const base64url = (least: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .min(least);

/** What signs with RS256: at least 2048 bits (RFC 7518 section 3.3), which are 342 characters. Others in the set are passed over. */
const SigningKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: base64url(342),
  e: base64url(2),
  use: z.literal('sig').exactOptional(),
  alg: z.literal('RS256').exactOptional(),
});
const KeySet = z.object({ keys: z.array(z.unknown()) });

interface Kept {
  readonly keys: LocalJWKSet;
  readonly readAt: number;
}

/**
 * The key that a token's header names, for `jwtVerify`. It throws jose's `JWKSNoMatchingKey` when GitHub has no such key, `KeysUnreachable` when that
 * cannot be known: keys are never guessed, and nothing is accepted without them.
 * @throws TypeError when `url` is neither https nor on this machine
 */
export function githubKeys({ url, now, fetch: ask = fetch, timeoutMs = 3_000 }: GithubKeysProps): JWTVerifyGetKey {
  const address = safeAddress(url);
  let kept: Kept | undefined;
  let failure: { readonly at: number; readonly because: string } | undefined;
  let asking: Promise<void> | undefined;

  const age = () => (kept === undefined ? Number.POSITIVE_INFINITY : now().getTime() - kept.readAt);

  /** One question at a time, and none while the last one's failure is fresh. */
  async function refresh(): Promise<void> {
    if (failure !== undefined && now().getTime() - failure.at < PAUSE_MS) return;
    asking ??= read(ask, address, timeoutMs)
      .then(
        (keys) => {
          kept = { keys, readAt: now().getTime() };
          failure = undefined;
        },
        (error: unknown) => {
          failure = { at: now().getTime(), because: error instanceof Error ? error.message : 'no answer' };
        },
      )
      .finally(() => {
        asking = undefined;
      });
    await asking;
  }

  const unreachable = () =>
    new KeysUnreachable(`GitHub's keys cannot be read from ${address.host} (${failure?.because ?? 'no answer'})`);

  return async (header, token) => {
    if (age() > FRESH_MS) await refresh();
    if (kept === undefined || age() > USABLE_MS) throw unreachable();
    const known = await find(kept.keys, header, token);
    if (known !== undefined) return known;
    // Perhaps GitHub has a new one.
    if (age() > COOLDOWN_MS) await refresh();
    const found = await find(kept.keys, header, token);
    if (found !== undefined) return found;
    throw failure === undefined ? new errors.JWKSNoMatchingKey() : unreachable();
  };
}

async function find(keys: LocalJWKSet, ...args: Parameters<JWTVerifyGetKey>) {
  try {
    return await keys(...args);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined;
    throw error;
  }
}

async function read(ask: typeof fetch, address: URL, timeoutMs: number): Promise<LocalJWKSet> {
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await ask(address, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  const set = KeySet.safeParse(await answer.json());
  if (!set.success) throw new Error('what it answered is no key set');
  const keys = set.data.keys.flatMap((key) => SigningKey.safeParse(key).data ?? []);
  if (keys.length === 0) throw new Error('its key set has no RSA key that signs');
  return createLocalJWKSet({ keys });
}

/** Who can change the keys on their way can be anybody: plain http is for this machine only. */
function safeAddress(url: string): URL {
  const address = new URL(url);
  const here = ['127.0.0.1', '[::1]', 'localhost'].includes(address.hostname);
  if (address.protocol === 'https:' || (address.protocol === 'http:' && here)) return address;
  throw new TypeError(`keys are read over https, not from ${address.protocol}//${address.host}`);
}
