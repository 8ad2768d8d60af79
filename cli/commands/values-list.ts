import { type LayerOf, layerNamed } from '../../domain/values/layers/layer-names.ts';
import { byteLength } from '../../domain/values/layers/layer-text.ts';
import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { painter } from '../paint.ts';
import { table } from '../table.ts';
import { openLayers, PREFIX_FLAGS } from '../values/open-layer.ts';
import { formOf } from '../values/stored-text.ts';
import { whoOf } from '../values/told-between.ts';

export const valuesList: Command = {
  name: 'values list',
  summary: 'Show every layer of values that a package has',
  usage: 'PACKAGE',
  flags: PREFIX_FLAGS,
  examples: ['fairlead values list webui'],
  takes: [1, 1],

  async run(call, ports) {
    const { package: pkg, prefix, store } = await openLayers(call, ports);
    const all = await store.list(`${prefix}${pkg}-service-helm-`);
    // A name that only begins like one of ours is somebody else's.
    const seen = all.flatMap((one) => {
      const named = layerNamed(one.name);
      return named?.package === pkg && named.prefix === prefix
        ? [{ ...one, layer: named.layer, secret: named.secret }]
        : [];
    });
    const texts = await store.latest(seen.filter(({ secret }) => !secret).map(({ name }) => name));
    const layers = seen.map(({ layer, ...one }) => {
      const value = texts.get(one.name)?.value;
      return {
        ...one,
        of: wordsOf(layer),
        ...(value !== undefined && { bytes: byteLength(value), form: formOf(value) }),
      };
    });
    answer(call, ports, { package: pkg, layers }, () =>
      layers.length === 0
        ? [`${pkg} has no layers: 'fairlead values put ${pkg} -f FILE' writes one`]
        : table(
            painter(ports.terminal.colour),
            HEAD,
            layers.map((one) => [
              one.name,
              one.of,
              String(one.version),
              one.bytes === undefined ? '' : String(one.bytes),
              one.secret ? 'secret' : (one.form ?? ''),
              one.at ?? '',
              one.by === undefined ? '' : whoOf(one.by),
            ]),
          ),
    );
    return 0;
  },
};

const HEAD = ['parameter', 'for', 'version', 'bytes', 'stands as', 'at', 'who'];

function wordsOf(layer: LayerOf): string {
  if (layer.of === 'label') return `${layer.key}=${layer.value}`;
  return layer.of === 'environment' ? layer.name : 'all';
}
