import { readSpill } from '../../domain/values/layers/spill.ts';
import type { LayerNow } from '../../domain/values-change/layers-changed.ts';
import type { Deps } from './deps.ts';

/** What stands in Parameter Store under these names, by keyed digests. Secrets stay sealed. */
export async function layersNow(
  { parameters, digest }: Pick<Deps, 'parameters' | 'digest'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, LayerNow>> {
  const now = new Map<string, LayerNow>();
  for (const [name, { version, value }] of await parameters.latest(names)) {
    const points = readSpill(value).is !== 'plain';
    now.set(name, points ? { version } : { version, digest: await digest(value) });
  }
  return now;
}
