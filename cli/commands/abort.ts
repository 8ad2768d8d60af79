import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt, reasonOf, rolloutAt } from '../flags.ts';

export const abort: Command = {
  name: 'abort',
  summary: 'Stop the line: what is under way ends by itself, nothing new begins',
  usage: 'PACKAGE ROLLOUT|latest [--reason TEXT]',
  flags: { reason: { type: 'string', value: 'TEXT', says: 'why, for people' }, ...DESTINATION_FLAGS },
  examples: ["fairlead abort webui latest --reason 'wrong version'"],
  takes: [2, 2],

  async run(call, ports) {
    const [pkg, id] = [nameAt(call, 0, 'package'), rolloutAt(call, 1)];
    const api = await connect(call, ports);
    const found = await api.abort(pkg, id, reasonOf(call.flags) ?? 'stopped by hand');
    answer(call, ports, found, () => [`abort of ${found.id} asked for: see 'fairlead status ${pkg} ${found.id}'`]);
    return 0;
  },
};
