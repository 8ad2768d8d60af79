import type { Command } from '../command.ts';
import { answer } from '../connect.ts';
import { text } from '../flags.ts';

export const down: Command = {
  name: 'down',
  summary: 'Stop the local stack and everything it started',
  usage: '[--folder FOLDER]',
  flags: { folder: { type: 'string', value: 'FOLDER', says: "the stack's own folder" } },
  examples: ['fairlead down'],
  takes: [0, 0],

  async run(call, ports) {
    const result = await ports.stack.down(text(call.flags, 'folder'));
    answer(call, ports, result, () => [`${result.outcome}: ${result.because}`]);
    return 0;
  },
};
