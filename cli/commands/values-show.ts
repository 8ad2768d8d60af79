import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt, text } from '../flags.ts';
import { renderEffective } from '../live/render-effective.ts';
import { painter } from '../paint.ts';

export const valuesShow: Command = {
  name: 'values show',
  summary: 'Show every value of a package in an environment, with its origin, and how it differs from what is deployed',
  usage: 'PACKAGE ENVIRONMENT',
  flags: {
    version: {
      type: 'string',
      value: 'V',
      says: "of the package's chart; default: what is deployed there, else the newest",
    },
    changed: { type: 'boolean', says: 'only what differs from what is deployed' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead values show webui staging', 'fairlead values show webui prod-eu --version 1.5.0 --changed'],
  takes: [2, 2],

  async run(call, ports) {
    const [pkg, environment] = [nameAt(call, 0, 'package'), nameAt(call, 1, 'environment')];
    const api = await connect(call, ports);
    const view = await api.effectiveValues(environment, pkg, text(call.flags, 'version'));
    const changed = call.flags['changed'] === true;
    answer(call, ports, view, () => renderEffective(painter(ports.terminal.colour), view, changed));
    return 0;
  },
};
