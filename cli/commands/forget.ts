import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt } from '../flags.ts';

/** Commands that take something out of the registry. The API refuses while anything of it stands or is under way. */
const forgetting = (what: 'package' | 'environment', says: string): Command => ({
  name: `${what} delete`,
  summary: says,
  usage: 'NAME',
  flags: DESTINATION_FLAGS,
  examples: [`fairlead ${what} delete old`],
  takes: [1, 1],

  async run(call, ports) {
    const name = nameAt(call, 0, what);
    const api = await connect(call, ports);
    await (what === 'package' ? api.deletePackage(name) : api.deleteEnvironment(name));
    answer(call, ports, { deleted: name }, () => [`${what} ${name} is forgotten; nothing in any cluster has changed`]);
    return 0;
  },
});

export const packageDelete = forgetting('package', 'Forget a package that runs nowhere');
export const environmentDelete = forgetting('environment', 'Forget an environment where nothing runs');
