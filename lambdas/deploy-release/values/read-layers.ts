/** The frozen layers of a deployment as they were planned, weakest first, secret ones among them. */
import type { PulledValue } from '../../../contracts/deployer.ts';
import type { FrozenLayer, FrozenSecretLayer, Inputs } from '../../../domain/items/deployment.ts';
import type { LayerContent } from '../../../domain/values/effective.ts';
import { layerNamed } from '../../../domain/values/layers/layer-names.ts';
import { utf8 } from '../../../domain/values/layers/layer-text.ts';
import type { Secrets } from '../../../domain/values/ports.ts';
import type { Deps } from '../deps.ts';
import { type Trouble, trouble } from './trouble.ts';

type Needs = Pick<Deps, 'plans' | 'digest' | 'readLayer'>;
type Read<T> = { readonly ok: true; readonly value: T } | Trouble;

/** Uses what Step Functions pulled where its digest is the frozen one, else the frozen copy; secrets are read here, and only here. */
export async function readLayers(
  deps: Needs,
  { layers, secretLayers = [] }: Pick<Inputs, 'layers' | 'secretLayers'>,
  pulled: readonly PulledValue[],
  secrets: Secrets,
): Promise<Read<readonly LayerContent[]>> {
  const plain = await Promise.all(layers.map((layer) => readPlain(deps, layer, pulled)));
  const secret = await Promise.all(secretLayers.map((layer) => readSecret(deps, layer, secrets)));
  const contents: LayerContent[] = [];
  for (let i = 0; i <= layers.length; i++) {
    const before = i === 0 ? undefined : plain[i - 1];
    const those = secretLayers.flatMap(({ after }, at) => (after === i ? [secret[at]] : []));
    for (const read of [before, ...those]) {
      if (read === undefined) continue;
      if (!read.ok) return read;
      contents.push(read.value);
    }
  }
  return { ok: true, value: contents };
}

async function readPlain(deps: Needs, layer: FrozenLayer, pulled: readonly PulledValue[]): Promise<Read<LayerContent>> {
  const found = await frozenBytes(deps, layer, pulled);
  const { name, version } = layer;
  if (found !== undefined) {
    const text = typeof found === 'string' ? found : utf8(found);
    // What stands in the values bucket may be anything: letters that nobody wrote must not take the place of its bytes.
    if (text === undefined) return trouble('values-broken', `${name} version ${version} is not UTF-8 text`);
    return read(deps, layer, text, false);
  }
  const because = `parameter ${name}, version ${version}, is not what was planned any more and its frozen copy is gone: start a new rollout`;
  return trouble('values-missing', because);
}

async function frozenBytes({ digest, plans }: Needs, layer: FrozenLayer, pulled: readonly PulledValue[]) {
  const found = pulled.find(({ name, version }) => name === layer.name && version === layer.version);
  if (found !== undefined && (await digest(found.value)) === layer.digest) return found.value;
  // The parameter is gone, was deleted and made anew, or points elsewhere: only the copy has the bytes that were planned.
  const copy = await plans.get(layer.copy);
  if (copy === undefined || (await digest(copy)) !== layer.digest) return undefined;
  return copy;
}

async function readSecret(deps: Needs, layer: FrozenSecretLayer, secrets: Secrets): Promise<Read<LayerContent>> {
  const answer = await secrets.frozen(layer);
  return answer.ok ? read(deps, layer, answer.text, true) : trouble(answer.code, answer.because);
}

function read(
  { readLayer }: Needs,
  { name, version }: Pick<FrozenLayer, 'name' | 'version'>,
  text: string,
  secret: boolean,
): Read<LayerContent> {
  const content = readLayer(name, version, text);
  if (!content.ok) return trouble('values-broken', content.because);
  const { values, positions } = content;
  const layer = layerNamed(name)?.layer ?? { of: 'package' };
  return { ok: true, value: { layer, name, version, secret, values, positions } };
}
