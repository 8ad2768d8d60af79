import type { Command } from '../command.ts';
import { Failed } from '../failure.ts';
import { required } from '../flags.ts';
import { LAYER_FLAGS, LAYER_USAGE, openLayer } from '../values/open-layer.ts';
import { saveLayer } from '../values/save-layer.ts';
import { textOf } from '../values/stored-text.ts';
import { betweenLines } from '../values/told-between.ts';
import { missing } from './values-get.ts';
import { latestOf, tellSaved, versionFlag } from './values-put.ts';

export const valuesRestore: Command = {
  name: 'values restore',
  summary: 'Write an earlier version of a layer of values again, as a new version',
  usage: `PACKAGE ${LAYER_USAGE} --version N`,
  flags: { version: { type: 'string', value: 'N', says: "the version, as 'values history' lists it" }, ...LAYER_FLAGS },
  examples: ['fairlead values restore webui --environment prod-eu --version 3'],
  takes: [1, 1],

  async run(call, ports) {
    const wanted = versionFlag(call, 'version') ?? Number(required(call.flags, 'version', 'N'));
    const layer = await openLayer(call, ports);
    const found = await layer.store.get(layer.name, wanted);
    if (found === undefined) throw missing(layer, wanted);
    const { text } = await textOf(layer, layer.name, found);
    const before = await latestOf(layer);
    if (before.text === text)
      throw new Failed(
        `${layer.name} version ${before.version} says what version ${wanted} said: nothing was written`,
        1,
      );
    const saved = await saveLayer(layer, { text, base: before.version, advanced: false });
    tellSaved(call, ports, layer, saved, { before: before.text ?? '', after: text });
    for (const line of await betweenLines(layer, before.version, saved.between)) ports.terminal.err(line);
    return saved.between.length > 0 ? 1 : 0;
  },
};
