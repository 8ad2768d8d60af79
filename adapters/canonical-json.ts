/** Canonical JSON (RFC 8785): equal values, equal text, so that digests of it can be compared. */
import canonicalize from 'canonicalize';

/** Something that JSON cannot say: undefined, a function, NaN or a lone surrogate. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
}

/**
 * The canonical text of `value`.
 * @throws NotJson when JSON cannot say it.
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new NotJson('the value has no canonical JSON', { cause });
  }
  if (text === undefined) throw new NotJson(`${typeof value} has no canonical JSON`);
  return text;
}
