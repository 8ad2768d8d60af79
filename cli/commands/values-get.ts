import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed } from '../failure.ts';
import { LAYER_FLAGS, LAYER_USAGE, type OpenLayer, openLayer } from '../values/open-layer.ts';
import { textOf } from '../values/stored-text.ts';
import { versionFlag } from './values-put.ts';

const EXIT_ERROR = 2;

export const valuesGet: Command = {
  name: 'values get',
  summary: 'Read a layer of values as somebody wrote it',
  usage: `PACKAGE ${LAYER_USAGE} [--version N]`,
  flags: {
    version: { type: 'string', value: 'N', says: "that version; default: the latest ('values history' lists them)" },
    ...LAYER_FLAGS,
  },
  examples: ['fairlead values get webui --label ring=canary', 'fairlead values get webui --version 3'],
  takes: [1, 1],

  async run(call, ports) {
    const wanted = versionFlag(call, 'version');
    const layer = await openLayer(call, ports);
    const { name } = layer;
    const found = await layer.store.get(name, wanted);
    if (found === undefined) throw missing(layer, wanted);
    const { text, form, bytes } = await textOf(layer, name, found);
    answer(call, ports, { name, version: found.version, form, bytes, value: text }, () => [
      `# ${name} version ${found.version}`,
      text.trimEnd(),
    ]);
    return 0;
  },
};

/** There is no such layer, or no such version of it. */
export function missing({ name, words }: OpenLayer, version?: number): Failed {
  if (version === undefined)
    return new Failed(`there is no layer ${name}: write it with 'fairlead values put'`, EXIT_ERROR);
  const because = `there is no version ${version} of ${name} (any more): 'fairlead values history ${words}' lists them`;
  return new Failed(because, EXIT_ERROR);
}
