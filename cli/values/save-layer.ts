/**
 * Writes a layer. Parameter Store has no conditional write, but it numbers versions one by one: whoever wrote between our reading
 * and our writing has the number that we expected. Then nothing is lost, for both versions are kept; it is told.
 */
import type { VersionSeen } from '../../contracts/layer-store.ts';
import { fitLayer } from '../../domain/values/layers/fit-layer.ts';
import { spillText } from '../../domain/values/layers/spill.ts';
import { Failed } from '../failure.ts';
import type { OpenLayer } from './open-layer.ts';

const EXIT_ERROR = 2;

export interface Save {
  readonly text: string;
  /** The version that was read before; 0 when there was none. */
  readonly base: number;
  readonly advanced: boolean;
  /** The version that the text was made from, when it is not that one. */
  readonly from?: number;
  readonly keyId?: string | undefined;
}

export interface Saved {
  readonly version: number;
  /** What the parameter holds of its own. */
  readonly bytes: number;
  readonly stored: 'parameter' | 'advanced' | 's3';
  /** Where it was spilled to, and why. */
  readonly spilled?: { readonly to: string; readonly bytes: number; readonly because: string };
  /** Versions that others wrote meanwhile, and that this one stands over. */
  readonly between: readonly VersionSeen[];
}

/** @throws Failed when it does not fit anywhere, or somebody made the layer meanwhile */
export async function saveLayer(layer: OpenLayer, { text, base, from = base, advanced, keyId }: Save): Promise<Saved> {
  const { name, secret, store } = layer;
  const fit = fitLayer(text, { secret, advanced });
  if (fit.into === 'nowhere') throw new Failed(`the layer ${name} ${fit.because}`, EXIT_ERROR);
  const put = async (value: string, tier: boolean) => {
    const key = secret ? { secret: { ...(keyId !== undefined && { keyId }) } } : {};
    const version = await store.put({ name, value, anew: base === 0, advanced: tier, from, ...key });
    if (version !== 'exists') return { version, between: await betweenOf(layer, base, version) };
    const because = `somebody made the layer ${name} meanwhile: nothing was written; look at it and try again`;
    throw new Failed(because, 1);
  };
  if (fit.into === 'parameter') {
    const stored = fit.advanced ? ('advanced' as const) : ('parameter' as const);
    return { ...(await put(fit.value, fit.advanced)), bytes: fit.bytes, stored };
  }
  const at = await store.bucket((await layer.settings()).bucket).put(layer.package, fit.content);
  const pointer = spillText(at);
  const spilled = { to: `s3://${at.bucket}/${at.key}`, bytes: fit.bytes, because: fit.because };
  return { ...(await put(pointer, false)), bytes: pointer.length, stored: 's3', spilled };
}

async function betweenOf(layer: OpenLayer, base: number, version: number): Promise<readonly VersionSeen[]> {
  if (base === 0 || version === base + 1) return [];
  const numbers = Array.from({ length: version - base - 1 }, (_, i) => base + 1 + i);
  const seen = await layer.store.history(layer.name);
  return numbers.map((number) => {
    const { value: _, ...known } = seen.find((one) => one.version === number) ?? { version: number, value: '' };
    return known;
  });
}
