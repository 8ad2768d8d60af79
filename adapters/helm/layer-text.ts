/** What stands in a parameter, as people wrote it: `base64:…` is for texts that Parameter Store refuses. */

/** Far more than anybody writes by hand; layers that stand in S3 may be so long. */
export const MOST_LAYER_BYTES = 1024 * 1024;

export type LayerText =
  | { readonly ok: true; readonly text: string }
  /** Begins with a verb: the layer's name goes before it. */
  | { readonly ok: false; readonly because: string };

/** The text of a parameter's value. */
export function layerText(value: string): LayerText {
  if (value.startsWith('s3://')) {
    const because =
      'points to S3: only a layer of plain values that is nothing but s3://BUCKET/KEY?versionId=V&sha256=HEX may, and only a plan follows it';
    return { ok: false, because };
  }
  const text = value.startsWith('base64:') ? decoded(value.slice('base64:'.length)) : value;
  if (text === undefined) {
    return { ok: false, because: 'begins with base64: but what follows is not base64 of UTF-8 text' };
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_LAYER_BYTES) return { ok: false, because: `has ${bytes} bytes, more than ${MOST_LAYER_BYTES}` };
  return { ok: true, text };
}

function decoded(text: string): string | undefined {
  const compact = text.replaceAll(/\s/g, '');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(compact) ? utf8(Buffer.from(compact, 'base64')) : undefined;
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
