/**
 * What stands in a parameter, and the text of a layer as people write it. Parameter Store refuses `{{`, and holds 4 KB (8 KB
 * advanced): such a text stands there as `base64:…`, or in the values bucket (spill.ts).
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */

/** Far more than anybody writes by hand; layers in the values bucket may be so long. */
export const MOST_LAYER_BYTES = 1024 * 1024;
export const STANDARD_BYTES = 4096;
export const ADVANCED_BYTES = 8192;

export type LayerText =
  | { readonly ok: true; readonly text: string }
  /** Begins with a verb: the layer's name goes before it. */
  | { readonly ok: false; readonly because: string };

/** The text of a parameter's value, or of what it points to. */
export function layerText(value: string): LayerText {
  if (value.startsWith('s3://')) {
    const because =
      'points to S3: only a layer of plain values that is nothing but s3://BUCKET/KEY?versionId=V&sha256=HEX may, and only a plan follows it';
    return { ok: false, because };
  }
  const text = value.startsWith(PACKED) ? decoded(value.slice(PACKED.length)) : value;
  if (text === undefined) {
    return { ok: false, because: 'begins with base64: but what follows is not base64 of UTF-8 text' };
  }
  const bytes = byteLength(text);
  if (bytes > MOST_LAYER_BYTES) return { ok: false, because: `has ${bytes} bytes, more than ${MOST_LAYER_BYTES}` };
  return { ok: true, text };
}

/** `text` as a parameter can hold it: as it is, or packed where Parameter Store would refuse it or somebody would misread it. */
export function packed(text: string): string {
  return /\{\{|^base64:|^\s*s3:\/\//.test(text) ? PACKED + encoded(text) : text;
}

/** `text` as an object of the values bucket holds it: only what would be misread is packed. */
export function packedForBucket(text: string): string {
  return /^base64:|^\s*s3:\/\//.test(text) ? PACKED + encoded(text) : text;
}

/** Its length in UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const PACKED = 'base64:';

function decoded(text: string): string | undefined {
  const compact = text.replaceAll(/\s/g, '').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(compact) || compact.length % 4 === 1) return undefined;
  return utf8(Uint8Array.from(atob(compact), (character) => character.charCodeAt(0)));
}

function encoded(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** The text of these bytes; undefined when they are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
