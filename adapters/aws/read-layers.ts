/** Which layers of values exist, and are they whole? What is in them stays here. */

import type { SSMClient } from '@aws-sdk/client-ssm';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import type { LayerSeen, LayersRead } from '../../contracts/looks.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { utf8 } from '../../domain/values/layers/layer-text.ts';
import { readSpill, type SpilledLayers } from '../../domain/values/layers/spill.ts';
import { ssmParameters } from './ssm-parameters.ts';
import { toldPlainly } from './told-plainly.ts';

/** How the deployer reads a layer: `readLayer` of `adapters/helm`. */
export type ReadLayerText = (
  name: string,
  version: number,
  text: string,
) => { readonly ok: true } | { readonly ok: false; readonly because: string };

/** The bucket of this name, where layers stand that parameters only point to. */
export type BucketOf = (bucket: string) => Pick<SpilledLayers, 'read'>;

/** The layers of these names that exist. Not being allowed to read them is an answer. */
export async function readLayers(
  client: SSMClient,
  read: ReadLayerText,
  names: readonly string[],
  bucketOf: BucketOf,
): Promise<LayersRead> {
  try {
    const found = await toldPlainly('read the layers of values', ssmParameters({ client }).latest(names));
    const looked = [...found].map(async ([name, { version, value }]): Promise<LayerSeen> => {
      const there = await contentOf(bucketOf, value);
      const layer = there.found
        ? read(name, version, there.content)
        : ({ ok: false, because: `${name} version ${version} ${there.because}` } as const);
      return { name, version, ...(!layer.ok && { broken: layer.because }) };
    });
    const layers = await Promise.all(looked);
    return { read: true, layers: layers.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name)) };
  } catch (error: unknown) {
    if (error instanceof ApiUnreachable) return { read: false, code: 'unreachable', because: error.message };
    if (error instanceof NotDone || error instanceof CredentialsMissing) {
      return { read: false, code: 'refused', because: error.message };
    }
    throw error;
  }
}

type Content = { readonly found: true; readonly content: string } | { readonly found: false; readonly because: string };

/** What a parameter says, or what it points to says. */
async function contentOf(bucketOf: BucketOf, value: string): Promise<Content> {
  const spill = readSpill(value);
  if (spill.is === 'plain') return { found: true, content: value };
  if (spill.is === 'broken') return { found: false, because: spill.because };
  const { bucket, key, sha256 } = spill.at;
  const place = `points to s3://${bucket}/${key}`;
  const there = await toldPlainly(`read s3://${bucket}/${key}`, bucketOf(bucket).read(spill.at));
  if (!there.found) return { found: false, because: `${place}, ${there.because}` };
  const content = utf8(there.content);
  if (there.sha256 !== sha256 || content === undefined) {
    return { found: false, because: `${place}, which says something else than when it was put` };
  }
  return { found: true, content };
}
