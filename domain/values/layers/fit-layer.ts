/** Where does a layer of this length go? */
import { ADVANCED_BYTES, byteLength, MOST_LAYER_BYTES, packed, packedForBucket, STANDARD_BYTES } from './layer-text.ts';

export interface FitLayer {
  readonly secret: boolean;
  /** The advanced tier, which costs money, is wanted before the bucket. */
  readonly advanced: boolean;
}

export type Fit =
  | { readonly into: 'parameter'; readonly value: string; readonly bytes: number; readonly advanced: boolean }
  | { readonly into: 'bucket'; readonly content: string; readonly bytes: number; readonly because: string }
  | { readonly into: 'nowhere'; readonly because: string };

/** A parameter of the standard tier where it fits, else the advanced tier if wanted, else the values bucket. Secrets never go there. */
export function fitLayer(text: string, { secret, advanced }: FitLayer): Fit {
  const value = packed(text);
  const bytes = byteLength(value);
  if (bytes <= STANDARD_BYTES) return { into: 'parameter', value, bytes, advanced: false };
  if (advanced && bytes <= ADVANCED_BYTES) return { into: 'parameter', value, bytes, advanced: true };
  if (secret) {
    const most = advanced ? ADVANCED_BYTES : STANDARD_BYTES;
    const hint = advanced || bytes > ADVANCED_BYTES ? '' : 'give --advanced (8 KB, which AWS charges for), or ';
    const because = `is ${bytes} bytes as a parameter, and a layer of secrets holds ${most}: ${hint}split it over labels and environments`;
    return { into: 'nowhere', because };
  }
  const content = packedForBucket(text);
  const length = byteLength(content);
  if (length > MOST_LAYER_BYTES) {
    const because = `is ${length} bytes, and a layer holds ${MOST_LAYER_BYTES}: split it over labels and environments`;
    return { into: 'nowhere', because };
  }
  const because = `${bytes} bytes are more than the ${advanced ? ADVANCED_BYTES : STANDARD_BYTES} of a parameter`;
  return { into: 'bucket', content, bytes: length, because };
}
