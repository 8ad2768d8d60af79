import { ValuesRolloutBody } from '../../contracts/api/values-change.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { labels, nameAt, text, texts } from '../flags.ts';
import { changeLines } from '../live/render-changes.ts';
import { frozenLines } from '../live/render-freezes.ts';
import { deadlineOf, WATCH_FLAGS, watchOrLeave } from '../live/watch-to-end.ts';
import { OVERRIDE_FLAG, overrideOf } from '../override-flag.ts';
import { painter } from '../paint.ts';

export const valuesChanges: Command = {
  name: 'values changes',
  summary: 'Show which layers of values were changed, by whom, and what became of it',
  usage: '',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead values changes', 'fairlead values changes --json'],
  takes: [0, 0],

  async run(call, ports) {
    const { changes } = await (await connect(call, ports)).valuesChanges();
    answer(call, ports, changes, () =>
      changes.length === 0
        ? ['no layer of values was changed yet']
        : changeLines(painter(ports.terminal.colour), changes),
    );
    return 0;
  },
};

export const valuesApply: Command = {
  name: 'values apply',
  summary: 'Roll out changed layers of values that were only announced, or are gathered still, where they are used',
  usage: 'PACKAGE [--target LABELS]… [--description TEXT] [--no-wait]',
  flags: {
    target: {
      type: 'string',
      multiple: true,
      value: 'LABELS',
      says: "only these environments, as JSON or k=v,…, all at once; default: the package's stages",
    },
    description: { type: 'string', value: 'TEXT', says: 'what it is about, for people' },
    ...OVERRIDE_FLAG,
    ...WATCH_FLAGS,
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead values apply webui', 'fairlead values apply webui --target ring=dev'],
  takes: [1, 1],

  async run(call, ports) {
    const pkg = nameAt(call, 0, 'package');
    const body = bodyOf(call);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const { id, matched, frozen } = await api.rollOutValues(pkg, body);
    ports.terminal.err(
      `rollout ${id} brings changed values of ${pkg} to up to ${matched.length} environment${matched.length === 1 ? '' : 's'}`,
    );
    for (const line of frozenLines(painter(ports.terminal.colour), frozen)) ports.terminal.err(line);
    return await watchOrLeave(call, ports, { api, pkg, id, deadline });
  },
};

function bodyOf(call: Call): ValuesRolloutBody {
  const targets = texts(call.flags, 'target').map((target) => ({ target: labels(target, 'target') }));
  const description = text(call.flags, 'description');
  const body = ValuesRolloutBody.safeParse({
    ...(targets.length > 0 && { targets }),
    ...(description !== undefined && { description }),
    ...overrideOf(call),
  });
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  throw new WrongInvocation(`--${String(issue?.path[0] ?? 'target')}: ${issue?.message ?? 'wrong'}`);
}
