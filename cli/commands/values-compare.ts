import { compareKey, type KeyThere } from '../../domain/values/layers/compare-key.ts';
import { layersOf } from '../../domain/values/layers/layer-names.ts';
import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { Failed } from '../failure.ts';
import { painter } from '../paint.ts';
import { oneLine } from '../plain.ts';
import type { Ports } from '../ports.ts';
import { table } from '../table.ts';
import { type OpenLayers, openLayers, PREFIX_FLAGS } from '../values/open-layer.ts';
import { textOf } from '../values/stored-text.ts';
import { pathOf } from './values-set.ts';

export const valuesCompare: Command = {
  name: 'values compare',
  summary:
    "Show what one key is set to in every environment, by which layer; the chart's own defaults are not among it",
  usage: 'PACKAGE KEY',
  flags: PREFIX_FLAGS,
  examples: ['fairlead values compare webui replicas', 'fairlead values compare webui image.tag --json'],
  takes: [2, 2],

  async run(call, ports) {
    const path = pathOf(call.positionals[1] ?? '');
    const opened = await openLayers(call, ports);
    const { package: pkg, prefix, store } = opened;
    const { labelOrder } = await opened.settings();
    const { environments } = await (await opened.api()).environments();
    const rules = { prefix, labelOrder };
    const places = new Map(environments.map((one) => [one.name, layersOf(rules, pkg, one)]));
    const secrets = new Set((await store.list(`${prefix}${pkg}-service-helm-secrets`)).map(({ name }) => name));
    const names = [...places.values()].flat().flatMap(({ name, secret }) => (secret ? [] : [name]));
    const layers = await readAll(opened, ports, [...new Set(names)]);
    const found = environments.map(({ name }) => ({
      environment: name,
      ...compareKey(path, places.get(name) ?? [], layers),
      secretLayers: (places.get(name) ?? []).flatMap((one) => (one.secret && secrets.has(one.name) ? [one.name] : [])),
    }));
    answer(call, ports, { package: pkg, key: call.positionals[1], environments: found }, () =>
      table(
        painter(ports.terminal.colour),
        HEAD,
        found.map((one) => [
          one.environment,
          valueWords(one),
          one.from?.parameter ?? '',
          one.from === undefined ? '' : String(one.from.version),
          one.from?.at === undefined ? '' : String(one.from.at.line),
          one.secretLayers.length === 0 ? '' : `or secret, in ${one.secretLayers.join(', ')}`,
        ]),
      ),
    );
    return 0;
  },
};

const HEAD = ['environment', 'value', 'from', 'version', 'line', ''];

const valueWords = ({ value, from }: KeyThere) => {
  if (from === undefined) return '(not set in a layer)';
  return value === null ? 'null (takes it away)' : oneLine(typeof value === 'string' ? value : JSON.stringify(value));
};

async function readAll(opened: OpenLayers, { layerTexts }: Pick<Ports, 'layerTexts'>, names: readonly string[]) {
  const stored = [...(await opened.store.latest(names))];
  const read = stored.map(async ([name, one]) => {
    const layer = layerTexts.read((await textOf(opened, name, one)).text);
    if (!layer.ok) throw new Failed(`${name} version ${one.version} ${layer.because}`, EXIT_VALUES);
    return [name, { version: one.version, values: layer.values, positions: layer.positions }] as const;
  });
  return new Map(await Promise.all(read));
}

/** contracts/outcome-table.ts: values. */
const EXIT_VALUES = 8;
