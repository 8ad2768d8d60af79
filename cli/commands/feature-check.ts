import { EXIT } from '../../contracts/outcome-table.ts';
import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { type Finding, findingsIn } from '../feature/findings.ts';
import { painter } from '../paint.ts';
import { oneLine } from '../plain.ts';

export const featureCheck: Command = {
  name: 'feature check',
  summary: "Look for mistakes in a chart's Feature.yaml: its form, its templates, and how it fits values.yaml",
  usage: 'DIR',
  examples: ['fairlead feature check charts/logging-agent'],
  takes: [1, 1],

  async run(call, ports) {
    const [folder = '.'] = call.positionals;
    const tools = await ports.feature();
    const seen = await tools.chartIn(folder);
    const { errors, warnings, feature } = await findingsIn(seen, tools, ports.layerTexts);
    const paint = painter(ports.terminal.colour);
    answer(call, ports, { ok: errors.length === 0, errors, warnings }, () => [
      ...errors.map((finding) => paint('red', textOf(folder, finding))),
      ...warnings.map((finding) => paint('yellow', `warning: ${textOf(folder, finding)}`)),
      errors.length > 0
        ? count(errors.length, 'error')
        : `${folder} is fine: ${count(feature?.values.length ?? 0, 'value')}`,
    ]);
    return errors.length > 0 ? EXIT['values or template'] : EXIT.success;
  },
};

/** As editors and CI find their way by it. */
function textOf(folder: string, { file, line, key, because }: Finding): string {
  const place = `${folder.replace(/\/$/, '')}/${file}${line === undefined ? '' : `:${line}`}`;
  return oneLine(`${place}: ${key === undefined || key === '' ? '' : `${key}: `}${because}`);
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
