import * as z from 'zod';
import { ChartVersion } from '../../contracts/name.ts';
import { Stages } from '../../contracts/stage.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { labels, nameAt, required, text, texts } from '../flags.ts';
import { frozenLines } from '../live/render-freezes.ts';
import { deadlineOf, START_FLAGS, watchOrLeave } from '../live/watch-to-end.ts';
import { OVERRIDE_FLAG, overrideOf } from '../override-flag.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import { readDocument } from '../read-document.ts';

const VALUES = z.record(z.string(), z.unknown(), 'values are a map');

export const rollout: Command = {
  name: 'rollout',
  summary: 'Roll a version of a package out, and watch it until its end',
  usage: 'PACKAGE --version V [--target LABELS]… [--stages FILE] [--no-wait]',
  flags: {
    version: { type: 'string', value: 'V', says: "the chart's version" },
    target: {
      type: 'string',
      multiple: true,
      value: 'LABELS',
      says: "environments, as JSON or k=v,…; each is a stage of its own; '{}' is all",
    },
    stages: { type: 'string', value: 'FILE', says: 'stages as YAML or JSON' },
    values: { type: 'string', value: 'FILE', says: 'values of this rollout, the strongest layer' },
    description: { type: 'string', value: 'TEXT', says: 'why, for people' },
    ...OVERRIDE_FLAG,
    ...START_FLAGS,
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead rollout webui --version 1.4.2',
    'fairlead rollout webui --version 1.4.2 --target ring=canary --target {}',
    'fairlead rollout webui --version 1.4.2 --stages stages.yaml --timeout 1h --json',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const pkg = nameAt(call, 0, 'package');
    const body = await bodyOf(call, ports);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const { id, matched, frozen } = await api.start(pkg, body, text(call.flags, 'idempotency-key') ?? ports.newKey());
    ports.terminal.err(
      `rollout ${id} of ${pkg} ${body.version} to ${matched.length} environment${matched.length === 1 ? '' : 's'}`,
    );
    for (const line of frozenLines(painter(ports.terminal.colour), frozen)) ports.terminal.err(line);
    return await watchOrLeave(call, ports, { api, pkg, id, deadline });
  },
};

async function bodyOf(call: Call, ports: Ports) {
  const version = ChartVersion.safeParse(required(call.flags, 'version', 'V'));
  if (!version.success)
    throw new WrongInvocation(`--version '${text(call.flags, 'version')}': ${version.error.issues[0]?.message}`);
  const targets = texts(call.flags, 'target').map((target) => ({ target: labels(target, 'target'), wait: true }));
  const [stages, values, description] = [
    text(call.flags, 'stages'),
    text(call.flags, 'values'),
    text(call.flags, 'description'),
  ];
  if (stages !== undefined && targets.length > 0)
    throw new WrongInvocation('--target and --stages say the same thing twice: give one');
  return {
    version: version.data,
    ...(targets.length > 0 && { targets }),
    ...(stages !== undefined && { stages: await readDocument(ports, stages, Stages) }),
    ...(values !== undefined && { values: await readDocument(ports, values, VALUES) }),
    ...(description !== undefined && { description }),
    ...overrideOf(call),
  };
}
