import type * as z from 'zod';
import { RollbackBody } from '../../contracts/api/rollback.ts';
import { ChartVersion } from '../../contracts/name.ts';
import { Stages } from '../../contracts/stage.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given, labels, nameAt, required, text, texts } from '../flags.ts';
import { frozenLines } from '../live/render-freezes.ts';
import { deadlineOf, START_FLAGS, watchOrLeave } from '../live/watch-to-end.ts';
import { OVERRIDE_FLAG, overrideOf } from '../override-flag.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import { readDocument } from '../read-document.ts';

export const rollback: Command = {
  name: 'rollback',
  summary: 'Go back to what was good before, so that it holds: what is replaced does not come back by itself',
  usage: 'PACKAGE --to V|--last-good --reason TEXT [--target LABELS]… [--stages FILE] [--no-wait]',
  flags: {
    to: { type: 'string', value: 'V', says: 'the version, as it was good in each environment' },
    'last-good': { type: 'boolean', says: 'what was good in each environment before what stands there now' },
    reason: { type: 'string', value: 'TEXT', says: 'why; everybody sees it' },
    target: {
      type: 'string',
      multiple: true,
      value: 'LABELS',
      says: 'environments, as JSON or k=v,…, all at once; default: wherever the package is',
    },
    stages: { type: 'string', value: 'FILE', says: 'stages as YAML or JSON' },
    ...OVERRIDE_FLAG,
    ...START_FLAGS,
    ...DESTINATION_FLAGS,
  },
  examples: [
    "fairlead rollback webui --last-good --reason 'checkout fails'",
    "fairlead rollback webui --to 1.4.1 --target ring=prod --reason 'checkout fails'",
  ],
  takes: [1, 1],

  async run(call, ports) {
    const pkg = nameAt(call, 0, 'package');
    const body = await bodyOf(call, ports);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const { id, matched, frozen } = await api.rollback(
      pkg,
      body,
      text(call.flags, 'idempotency-key') ?? ports.newKey(),
    );
    const to = body.to === 'last-good' ? 'the last good inputs' : body.to.version;
    ports.terminal.err(
      `rollout ${id} rolls ${pkg} back to ${to} in up to ${matched.length} environment${matched.length === 1 ? '' : 's'}`,
    );
    for (const line of frozenLines(painter(ports.terminal.colour), frozen)) ports.terminal.err(line);
    return await watchOrLeave(call, ports, { api, pkg, id, deadline });
  },
};

async function bodyOf(call: Call, ports: Ports): Promise<z.output<typeof RollbackBody>> {
  const targets = texts(call.flags, 'target').map((target) => ({ target: labels(target, 'target') }));
  const stages = text(call.flags, 'stages');
  if (stages !== undefined && targets.length > 0)
    throw new WrongInvocation('--target and --stages say the same thing twice: give one');
  const body = RollbackBody.safeParse({
    to: toOf(call),
    reason: required(call.flags, 'reason', 'TEXT'),
    ...(targets.length > 0 && { targets }),
    ...overrideOf(call),
    ...(stages !== undefined && { stages: await readDocument(ports, stages, Stages) }),
  });
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  throw new WrongInvocation(`--${String(issue?.path[0] ?? 'reason')}: ${issue?.message ?? 'wrong'}`);
}

function toOf({ flags }: Call) {
  const to = text(flags, 'to');
  const lastGood = given(flags, 'last-good');
  if (to !== undefined && lastGood) throw new WrongInvocation('--to and --last-good say two things: give one');
  if (lastGood) return 'last-good' as const;
  if (to === undefined) throw new WrongInvocation('say where to: --to V or --last-good');
  const version = ChartVersion.safeParse(to);
  if (!version.success) throw new WrongInvocation(`--to '${to}': ${version.error.issues[0]?.message}`);
  return { version: version.data };
}
