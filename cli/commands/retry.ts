import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { connect } from '../connect.ts';
import { nameAt, reasonOf, rolloutAt } from '../flags.ts';
import { deadlineOf, WATCH_FLAGS, watchOrLeave } from '../live/watch-to-end.ts';
import { OVERRIDE_FLAG, overrideOf } from '../override-flag.ts';

export const retry: Command = {
  name: 'retry',
  summary: 'Try again what failed of a rollout, with the same inputs, and watch it until its end',
  usage: 'PACKAGE ROLLOUT|latest [--reason TEXT] [--no-wait]',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why, for people' },
    ...OVERRIDE_FLAG,
    ...WATCH_FLAGS,
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead retry webui latest', "fairlead retry webui latest --reason 'the node is back' --timeout 1h"],
  takes: [2, 2],

  async run(call, ports) {
    const [pkg, which] = [nameAt(call, 0, 'package'), rolloutAt(call, 1)];
    const deadline = deadlineOf(call, ports);
    const reason = reasonOf(call.flags);
    const api = await connect(call, ports);
    const { id, run, environments, after } = await api.retry(pkg, which, {
      ...(reason !== undefined && { reason }),
      ...overrideOf(call),
    });
    const where = environments.length === 1 ? '1 environment' : `${environments.length} environments`;
    ports.terminal.err(`rollout ${id} of ${pkg} is tried again in ${where} (run ${run})`);
    return await watchOrLeave(call, ports, { api, pkg, id, deadline, after });
  },
};
