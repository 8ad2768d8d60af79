import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { destinationOf, nameAt, text } from '../flags.ts';

export const packagePush: Command = {
  name: 'package push',
  summary: "Pack a chart's folder and push it to the package's place",
  usage: 'NAME FOLDER [--version V]',
  flags: {
    version: { type: 'string', value: 'V', says: "the version to pack; default: Chart.yaml's" },
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead package push webui ./charts/webui',
    'fairlead package push webui ./charts/webui --version 1.4.2',
  ],
  takes: [2, 2],

  async run(call, ports) {
    const name = nameAt(call, 0, 'package');
    const folder = call.positionals[1] ?? '';
    const { chart } = await (await connect(call, ports)).package(name);
    const pushed = await (await ports.pushChart(destinationOf(call)))(folder, chart, text(call.flags, 'version'));
    answer(call, ports, { package: name, chart, ...pushed }, () => [
      `${name} ${pushed.version} ${pushed.digest} (${chart})`,
    ]);
    return 0;
  },
};
