import { type Command, DESTINATION_FLAGS, PROOF_FLAG } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { nameAt, rolloutAt, text } from '../flags.ts';

const STATES = ['success', 'failure', 'pending'] as const;

export const report: Command = {
  name: 'report',
  summary: 'Report what a check came to, for the gates that ask for it by name',
  usage: 'PACKAGE ROLLOUT|latest NAME success|failure|pending [--description TEXT] [--url URL]',
  flags: {
    description: { type: 'string', value: 'TEXT', says: 'what came of it, in a sentence' },
    url: { type: 'string', value: 'URL', says: 'where one can read more' },
    ...PROOF_FLAG,
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead report webui latest load-test success',
    "fairlead report webui latest load-test failure --description 'p99 is 900 ms'",
  ],
  takes: [4, 4],

  async run(call, ports) {
    const [pkg, id, name] = [nameAt(call, 0, 'package'), rolloutAt(call, 1), nameAt(call, 2, 'status')];
    const state = STATES.find((known) => known === call.positionals[3]);
    if (state === undefined) {
      throw new WrongInvocation(
        `'${call.positionals[3]?.slice(0, 80)}' is no result: it is success, failure or pending`,
      );
    }
    const [description, url] = [text(call.flags, 'description'), text(call.flags, 'url')];
    const api = await connect(call, ports);
    const found = await api.status(pkg, id, name, {
      state,
      ...(description !== undefined && { description }),
      ...(url !== undefined && { url }),
    });
    answer(call, ports, found, () => [`${name} of ${pkg} ${found.id} is ${found.status.state}`]);
    return 0;
  },
};
