import { readFeature } from '../../contracts/feature.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import type { ChartContent } from '../../domain/values/chart-content.ts';
import type { LayerContent } from '../../domain/values/effective.ts';
import { leftOutByKind } from '../../domain/values/feature/fit-kinds.ts';
import { resolveValues } from '../../domain/values/resolve-values.ts';
import { blameLayers } from '../../domain/values/schema-fault.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { factsInFile, factsOfInstallation } from '../feature/facts.ts';
import type { ChartFolderSeen } from '../feature/ports.ts';
import { OF_FILE, resolvedJson, resolvedRows, withoutVersion } from '../feature/render-resolved.ts';
import { checkedName, required, text, texts } from '../flags.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';

export const featureRender: Command = {
  name: 'feature render',
  summary: "Show what a chart's Feature.yaml comes to in an environment, without rolling anything out",
  usage: 'DIR --env ENVIRONMENT [--values FILE]… [--facts FILE]',
  flags: {
    env: { type: 'string', value: 'ENVIRONMENT', says: 'the environment to work it out for' },
    values: { type: 'string', multiple: true, value: 'FILE', says: 'a layer of values; the last one is the strongest' },
    facts: {
      type: 'string',
      value: 'FILE',
      says: "the tenant's environments and their values as YAML, in place of the installation's",
    },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead feature render charts/logging-agent --env dev',
    'fairlead feature render charts/logging-agent --env dev --facts facts.yaml --values dev.yaml',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const [folder = '.'] = call.positionals;
    const name = checkedName(required(call.flags, 'env', 'ENVIRONMENT'), 'environment');
    const tools = await ports.feature();
    const chart = chartOf(await tools.chartIn(folder), folder);
    const layers = await Promise.all(texts(call.flags, 'values').map((file) => layerOf(file, ports)));
    const { facts, environment } = await factsOf(call, ports, name);
    const resolved = await resolveValues({
      ...{ chart, layers, facts, environment },
      ...{ own: {}, references: new Map(), secretFacts: new Map(), unread: 'placeholder' },
      ...{ engine: tools.engine, readYaml: tools.readYaml },
    });
    if (!resolved.ok) throw new Failed(withoutVersion(resolved.because), EXIT['values or template']);
    const faults = tools.checkSchemas(chart, resolved.values);
    if (faults.length > 0) {
      throw new Failed(withoutVersion(blameLayers(faults, resolved.leaves)), EXIT['values or template']);
    }
    const notes = leftOutByKind(chart.feature, [{ environment }]).map(
      ({ because }) => `${name} would be left out: it ${because}`,
    );
    const json = { chart: chart.name, version: chart.version, environment: name, ...resolvedJson(resolved), notes };
    answer(call, ports, json, () => resolvedRows(painter(ports.terminal.colour), resolved, notes));
    return EXIT.success;
  },
};

/** @throws Failed in the words of `feature check` when it cannot be read */
function chartOf({ files, chart }: ChartFolderSeen, folder: string): ChartContent {
  const bytes = files.get('Feature.yaml');
  const read = bytes === undefined ? undefined : readFeature(bytes);
  const because = read?.ok === false ? read.because : chart.ok ? undefined : chart.because;
  if (chart.ok && because === undefined) return chart.chart;
  throw new Failed(`${folder}: ${because}; 'fairlead feature check ${folder}' tells more`, EXIT['values or template']);
}

async function layerOf(file: string, { readFile, layerTexts }: Ports): Promise<LayerContent> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new WrongInvocation(
      `--values '${file}' cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const read = layerTexts.read(content);
  if (!read.ok) throw new Failed(`${file} ${read.because}`, EXIT['values or template']);
  const { values, positions } = read;
  return { layer: { of: 'package' }, name: file, version: OF_FILE, secret: false, values, positions };
}

async function factsOf(call: Call, ports: Ports, name: string) {
  const file = text(call.flags, 'facts');
  return file === undefined
    ? await factsOfInstallation(await connect(call, ports), name)
    : await factsInFile(ports, file, name);
}
