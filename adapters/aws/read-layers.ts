/** Which layers of values exist, and are they whole? What is in them stays here. */

import type { SSMClient } from '@aws-sdk/client-ssm';
import { ApiUnreachable, CredentialsMissing } from '../../contracts/api/client.ts';
import type { LayerSeen, LayersRead } from '../../contracts/looks.ts';
import { NotDone } from '../../contracts/not-done.ts';
import { ssmParameters } from './ssm-parameters.ts';
import { toldPlainly } from './told-plainly.ts';

/** How the deployer reads a layer: `readLayer` of `adapters/helm`. */
export type ReadLayerText = (
  name: string,
  version: number,
  text: string,
) => { readonly ok: true } | { readonly ok: false; readonly because: string };

/** The layers of these names that exist. Not being allowed to read them is an answer. */
export async function readLayers(
  client: SSMClient,
  read: ReadLayerText,
  names: readonly string[],
): Promise<LayersRead> {
  try {
    const found = await toldPlainly('read the layers of values', ssmParameters({ client }).latest(names));
    const layers = [...found].map(([name, { version, value }]): LayerSeen => {
      const layer = read(name, version, value);
      return { name, version, ...(!layer.ok && { broken: layer.because }) };
    });
    return { read: true, layers: layers.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name)) };
  } catch (error: unknown) {
    if (error instanceof ApiUnreachable) return { read: false, code: 'unreachable', because: error.message };
    if (error instanceof NotDone || error instanceof CredentialsMissing) {
      return { read: false, code: 'refused', because: error.message };
    }
    throw error;
  }
}
