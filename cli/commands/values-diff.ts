import { lineDiff } from '../../domain/line-diff.ts';
import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { text } from '../flags.ts';
import { plain } from '../plain.ts';
import { layerFile } from '../values/checked-text.ts';
import { checkLayer, LAYER_FLAGS, LAYER_USAGE, type OpenLayer, openLayer } from '../values/open-layer.ts';
import { textAt } from '../values/told-between.ts';
import { missing } from './values-get.ts';
import { latestOf, versionFlag } from './values-put.ts';

export const valuesDiff: Command = {
  name: 'values diff',
  summary: 'Show what changed between two versions of a layer of values, or what a file would change',
  usage: `PACKAGE ${LAYER_USAGE} [--from N] [--to N | -f FILE]`,
  flags: {
    from: { type: 'string', value: 'N', says: 'default: the version before --to, or the latest with -f' },
    to: { type: 'string', value: 'N', says: 'default: the latest' },
    file: { type: 'string', short: 'f', value: 'FILE', says: 'compare with this file instead' },
    ...LAYER_FLAGS,
  },
  examples: ['fairlead values diff webui', 'fairlead values diff webui --environment prod-eu -f prod-eu.yaml'],
  takes: [1, 1],

  async run(call, ports) {
    checkLayer(call);
    const [from, to] = [versionFlag(call, 'from', 0), versionFlag(call, 'to')];
    const file = text(call.flags, 'file');
    if (file !== undefined && to !== undefined)
      throw new WrongInvocation('--to and -f both say what to compare with: give one');
    const own = file === undefined ? undefined : await layerFile(ports, file);
    const layer = await openLayer(call, ports);
    const latest = (await latestOf(layer)).version;
    const after = to ?? latest;
    const before = from ?? (own === undefined ? after - 1 : latest);
    if (latest === 0 && own === undefined) throw missing(layer);
    const [old, now] = [await textOfVersion(layer, before), own ?? (await textOfVersion(layer, after))];
    const names = {
      before: `${layer.name}:${before}`,
      after: own === undefined ? `${layer.name}:${after}` : (file ?? ''),
    };
    const diff = lineDiff(old, now, names);
    answer(call, ports, { name: layer.name, ...names, diff }, () =>
      diff.length === 0 ? [`${names.before} and ${names.after} are the same`] : diff.map(plain),
    );
    return 0;
  },
};

/** Before the first version there was nothing. @throws Failed */
async function textOfVersion(layer: OpenLayer, version: number): Promise<string> {
  if (version < 1) return '';
  const found = await textAt(layer, version);
  if (found === undefined) throw missing(layer, version);
  return found;
}
