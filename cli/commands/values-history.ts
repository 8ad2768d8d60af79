import { byteLength } from '../../domain/values/layers/layer-text.ts';
import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { painter } from '../paint.ts';
import { table } from '../table.ts';
import { LAYER_FLAGS, LAYER_USAGE, openLayer, SECRET_FLAG } from '../values/open-layer.ts';
import { formOf } from '../values/stored-text.ts';
import { whoOf } from '../values/told-between.ts';
import { missing } from './values-get.ts';

export const valuesHistory: Command = {
  name: 'values history',
  summary: 'Show who wrote a layer of values, and when',
  usage: `PACKAGE ${LAYER_USAGE} [--secret]`,
  flags: { ...SECRET_FLAG, ...LAYER_FLAGS },
  examples: ['fairlead values history webui --environment prod-eu'],
  takes: [1, 1],

  async run(call, ports) {
    const layer = await openLayer(call, ports);
    const { name, secret, store } = layer;
    // Of a secret even the length tells something.
    const versions = (await store.history(name)).map(({ value, ...seen }) => ({
      ...seen,
      ...(!secret && { bytes: byteLength(value), form: formOf(value) }),
    }));
    if (versions.length === 0) throw missing(layer);
    const newest = versions.toReversed();
    answer(call, ports, { name, versions: newest }, () =>
      table(
        painter(ports.terminal.colour),
        HEAD,
        newest.map((one) => [
          String(one.version),
          one.at ?? '',
          one.by === undefined ? '' : whoOf(one.by),
          'bytes' in one ? String(one.bytes) : '',
          'form' in one ? one.form : 'secret',
        ]),
      ),
    );
    return 0;
  },
};

const HEAD = ['version', 'at', 'who', 'bytes', 'stands as'];
