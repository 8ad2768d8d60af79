import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { connect } from '../connect.ts';
import { duration, given, nameAt, rolloutAt, text } from '../flags.ts';
import { sayEnd, watchToEnd } from '../live/watch-to-end.ts';

export const retry: Command = {
  name: 'retry',
  summary: 'Try again what failed of a rollout, with the same inputs, and watch it until its end',
  usage: 'PACKAGE ROLLOUT|latest [--reason TEXT] [--no-wait]',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why, for people' },
    'override-freeze': { type: 'string', value: 'REASON', says: 'go on in spite of freezes that let your role pass' },
    timeout: { type: 'string', value: 'TIME', says: 'how long to watch (default 30m); the rollout goes on' },
    'no-wait': { type: 'boolean', says: 'ask for it and return' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead retry webui latest', "fairlead retry webui latest --reason 'the node is back' --timeout 1h"],
  takes: [2, 2],

  async run(call, ports) {
    const [pkg, which] = [nameAt(call, 0, 'package'), rolloutAt(call, 1)];
    const watch = duration(text(call.flags, 'timeout') ?? '30m', 'timeout');
    const deadline = ports.now().getTime() + watch * 1000;
    const [reason, overrideFreeze] = [text(call.flags, 'reason'), text(call.flags, 'override-freeze')];
    const api = await connect(call, ports);
    const { id, run, environments, after } = await api.retry(pkg, which, {
      ...(reason !== undefined && { reason }),
      ...(overrideFreeze !== undefined && { overrideFreeze }),
    });
    const where = environments.length === 1 ? '1 environment' : `${environments.length} environments`;
    ports.terminal.err(`rollout ${id} of ${pkg} is tried again in ${where} (run ${run})`);
    if (given(call.flags, 'no-wait')) return sayEnd(call, ports, await api.rollout(pkg, id), 0);
    return await watchToEnd(call, ports, { api, pkg, id, deadline, after });
  },
};
