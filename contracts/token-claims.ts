/** The claims of GitHub's OIDC token, read without its signature: for explaining, never for deciding. */
import * as z from 'zod';
import type { TokenClaims } from '../domain/trust/web-identity.ts';

const Claim = z.union([z.string(), z.array(z.string()), z.number(), z.boolean()]);

/** Claims as JSON; numbers and truths become texts, as IAM compares them. A token without `sub` is none of GitHub's. */
export const Claims = z
  .record(z.string(), Claim.optional().catch(undefined))
  .refine((claims) => typeof claims['sub'] === 'string', "there is no claim 'sub'")
  .transform(
    (claims): TokenClaims =>
      Object.fromEntries(
        Object.entries(claims).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, Array.isArray(value) ? value : String(value)]],
        ),
      ),
  );

/** What is in a file that should hold claims, or in a token; the message never repeats the text. */
export type ReadClaims =
  | { readonly ok: true; readonly claims: TokenClaims }
  | { readonly ok: false; readonly because: string };

/** Three parts of base64url (https://www.rfc-editor.org/rfc/rfc7519#section-3). */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const MOST_CHARACTERS = 64 * 1024;

/** Claims as a JSON object, or a whole token, of which only the claims are read. */
export function readClaims(text: string): ReadClaims {
  const trimmed = text.trim();
  if (trimmed.length > MOST_CHARACTERS) return no(`has ${trimmed.length} characters: claims have a few thousand`);
  const json = TOKEN.test(trimmed) ? payloadOf(trimmed) : trimmed;
  try {
    const found = Claims.safeParse(JSON.parse(json));
    return found.success ? { ok: true, claims: found.data } : no(found.error.issues[0]?.message ?? 'it has no claims');
  } catch {
    // The parser's message quotes the text, which may be a token.
    return no('is neither a JSON object of claims nor a token');
  }
}

function payloadOf(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
}

const no = (because: string): ReadClaims => ({ ok: false, because });
