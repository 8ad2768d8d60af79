import { createHash } from 'node:crypto';
import { refuseReused, type TokenUse, tokenTable } from '../../../domain/callers/used-token.ts';
import { type Call, textOfHeader } from '../call.ts';
import type { Deps } from '../deps.ts';

/**
 * Binds a call that changes something to the token it came with: the token is used up by what it changes, and a token that is used up already serves only
 * the very same call. Reading uses nothing up.
 * @throws TokenReused
 */
export async function usingToken(deps: Deps, call: Call): Promise<Deps> {
  const use = call.request.httpMethod === 'GET' ? undefined : useOf(call);
  if (use === undefined) return deps;
  // Asked at once, too: a call that finds nothing to change would get by otherwise.
  await refuseReused(deps.table, use);
  return { ...deps, table: tokenTable(deps.table, use) };
}

function useOf({ caller, request }: Call): TokenUse | undefined {
  const token = caller.is === 'source' || caller.is === 'workflow' ? caller.token : undefined;
  if (token === undefined) return undefined;
  const { httpMethod, path, body, isBase64Encoded } = request;
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const key = textOfHeader(request, 'Idempotency-Key') ?? null;
  const usedFor = sha256(JSON.stringify([httpMethod, path, key, sha256(bytes)]));
  return { ...token, usedFor };
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
