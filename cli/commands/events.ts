import type { EventView } from '../../contracts/api/rollout.ts';
import { type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { nameAt, rolloutAt } from '../flags.ts';
import { eventLine } from '../live/follow.ts';
import { painter } from '../paint.ts';

export const events: Command = {
  name: 'events',
  summary: "Show a rollout's history",
  usage: 'PACKAGE [ROLLOUT|latest]',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead events webui', 'fairlead events webui 01JD0Z5Q6X3N8V7T2K4M9R1B0C --json'],
  takes: [1, 2],

  async run(call, ports) {
    const [pkg, asked] = [nameAt(call, 0, 'package'), rolloutAt(call, 1)];
    const api = await connect(call, ports);
    const { id } = await api.rollout(pkg, asked);
    const found: EventView[] = [];
    for (let page = await api.events(pkg, id, {}); ; page = await api.events(pkg, id, { after: page.last })) {
      found.push(...page.events);
      if (!page.more) break;
    }
    answer(call, ports, found, () => found.map((event) => eventLine(painter(ports.terminal.colour), event)));
    return 0;
  },
};
