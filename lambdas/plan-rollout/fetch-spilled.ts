/** A layer that its parameter only points to: fetched and checked, so that the plan freezes the layer itself. */
import type { ParameterValue } from '../../domain/ports.ts';
import { foreignSpill, readSpill, type SpilledLayers } from '../../domain/values/layers/spill.ts';

export type Fetched =
  /** What the layer says: the parameter's own text, or the bytes it points to. */
  | { readonly ok: true; readonly content: string | Uint8Array }
  /** Names parameter, version and fix. */
  | { readonly ok: false; readonly because: string };

const FIX = "put the layer again with 'fairlead values put'";

/** The content of parameter `name` of `pkg`. */
export async function fetchSpilled(
  spilled: SpilledLayers,
  pkg: string,
  name: string,
  { version, value }: ParameterValue,
): Promise<Fetched> {
  const broken = (why: string): Fetched => ({ ok: false, because: `${name} version ${version} ${why}: ${FIX}` });
  const read = readSpill(value);
  if (read.is === 'plain') return { ok: true, content: value };
  if (read.is === 'broken') return broken(read.because);
  const foreign = foreignSpill(read.at, { bucket: spilled.bucket, package: pkg });
  if (foreign !== undefined) return broken(foreign);
  const found = await spilled.read(read.at);
  const object = `s3://${read.at.bucket}/${read.at.key}`;
  if (!found.found) return broken(`points to ${object}, ${found.because}`);
  if (found.sha256 !== read.at.sha256) {
    return broken(`points to ${object}, which says something else than when it was put (its SHA-256 differs)`);
  }
  return { ok: true, content: found.content };
}
