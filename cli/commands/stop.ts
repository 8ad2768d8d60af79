import { STOP } from '../../domain/freezes/holding.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { reasonOf, requiredReason } from '../flags.ts';

export const stop: Command = {
  name: 'stop',
  summary: 'Stop the line: nothing begins anywhere until somebody resumes; what is under way ends by itself',
  usage: '--reason TEXT',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why; everybody who is held up sees it' },
    ...DESTINATION_FLAGS,
  },
  examples: ["fairlead stop --reason 'checkout is down, see the incident'"],
  takes: [0, 0],

  async run(call, ports) {
    const reason = requiredReason(call.flags);
    const found = await (await connect(call, ports)).putFreeze(STOP, { window: { is: 'until-lifted' }, reason });
    answer(call, ports, found, () => ["stopped: nothing begins anywhere; 'fairlead resume' ends it"]);
    return 0;
  },
};

export const resume: Command = {
  name: 'resume',
  summary: 'End a stop: what waited for it goes on at once',
  usage: '[--reason TEXT]',
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why, for the audit' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead resume', "fairlead resume --reason 'checkout is up again'"],
  takes: [0, 0],

  async run(call, ports) {
    await (await connect(call, ports)).liftFreeze(STOP, reasonOf(call.flags));
    answer(call, ports, { lifted: STOP }, () => ['resumed: what waited goes on']);
    return 0;
  },
};
