import * as z from 'zod';
import { ChartVersion } from '../../contracts/name.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { Stages } from '../../contracts/stage.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { labels, nameAt, planAt, required, text, texts } from '../flags.ts';
import { frozenLines } from '../live/render-freezes.ts';
import { shortDigest } from '../live/render-plan.ts';
import { deadlineOf, START_FLAGS, watchOrLeave } from '../live/watch-to-end.ts';
import { OVERRIDE_FLAG, overrideOf } from '../override-flag.ts';
import { painter } from '../paint.ts';
import type { Ports } from '../ports.ts';
import { readDocument } from '../read-document.ts';

const VALUES = z.record(z.string(), z.unknown(), 'values are a map');

export const rollout: Command = {
  name: 'rollout',
  summary: 'Roll a version of a package out, and watch it until its end',
  usage: 'PACKAGE --version V [--target LABELS]… [--stages FILE] [--plan PLAN] [--no-wait]',
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
    plan: {
      type: 'string',
      value: 'PLAN',
      says: 'carry out this plan, with its stages and values: refused when anything else would come of it now',
    },
    description: { type: 'string', value: 'TEXT', says: 'why, for people' },
    ...OVERRIDE_FLAG,
    ...START_FLAGS,
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead rollout webui --version 1.4.2',
    'fairlead rollout webui --version 1.4.2 --target ring=canary --target {}',
    'fairlead rollout webui --version 1.4.2 --plan 01JD0Z5Q6X3N8V7T2K4M9R1B0C',
    'fairlead rollout webui --version 1.4.2 --stages stages.yaml --timeout 1h --json',
  ],
  takes: [1, 1],

  async run(call, ports) {
    const pkg = nameAt(call, 0, 'package');
    const body = await bodyOf(call, ports);
    const plan = planOf(call);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const planned = plan === undefined ? {} : { plan: await plannedOf(ports, api, pkg, plan) };
    const { id, matched, frozen } = await api.start(
      pkg,
      { ...body, ...planned },
      text(call.flags, 'idempotency-key') ?? ports.newKey(),
    );
    ports.terminal.err(
      `rollout ${id} of ${pkg} ${body.version} to ${matched.length} environment${matched.length === 1 ? '' : 's'}`,
    );
    for (const line of frozenLines(painter(ports.terminal.colour), frozen)) ports.terminal.err(line);
    return await watchOrLeave(call, ports, { api, pkg, id, deadline });
  },
};

/** The plan to carry out, if one is named. @throws WrongInvocation */
function planOf({ flags }: Call): string | undefined {
  const plan = text(flags, 'plan');
  const beside = ['target', 'stages', 'values'].find((flag) => flags[flag] !== undefined);
  if (plan !== undefined && beside !== undefined)
    throw new WrongInvocation(`--${beside} beside --plan: the plan has its own; leave it out, or plan with it`);
  return plan === undefined ? undefined : planAt(plan);
}

/** As it is now: whoever names a plan has seen its digest. */
async function plannedOf({ terminal }: Ports, api: FairleadApi, pkg: string, asked: string) {
  const { id, digest, state, because } = await api.plan(pkg, asked);
  if (digest === undefined)
    throw new Failed(`plan ${id} is ${state} (${because}): only one that is ready can be carried out`, EXIT.error);
  terminal.err(`carrying out plan ${id} (digest ${shortDigest(digest)}): ${because}`);
  return { id, digest };
}

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
