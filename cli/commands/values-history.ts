import { byteLength } from '../../domain/values/layer-text.ts';
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
    // Whoever may read the history of a secret layer may read the secrets: only the last version is told of it.
    const versions = secret
      ? (await store.list(name)).filter((one) => one.name === name).map(({ version, at, by }) => ({ version, at, by }))
      : (await store.history(name)).map(({ value, ...seen }) => ({
          ...seen,
          bytes: byteLength(value),
          form: formOf(value),
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
    if (secret)
      ports.terminal.err(
        'only the latest version of a layer of secrets is shown: what it was is as secret as what it is',
      );
    return 0;
  },
};

const HEAD = ['version', 'at', 'who', 'bytes', 'stands as'];
