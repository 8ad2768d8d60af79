import * as z from 'zod';
import type { PlanView } from '../../contracts/api/plan.ts';
import { exitOfPlan } from '../../contracts/exit-of-plan.ts';
import { ChartVersion } from '../../contracts/name.ts';
import { EXIT } from '../../contracts/outcome-table.ts';
import { Stages } from '../../contracts/stage.ts';
import { type Call, type Command, DESTINATION_FLAGS, type Flag, PROOF_FLAG } from '../command.ts';
import { connect } from '../connect.ts';
import { WrongInvocation } from '../failure.ts';
import { given, labels, nameAt, planAt, text, texts } from '../flags.ts';
import { LeftRunning } from '../live/follow.ts';
import { lastLine, PLAN_FORMATS, type PlanFormat, renderPlan } from '../live/render-plan.ts';
import { type WatchingPlan, watchPlan } from '../live/watch-plan.ts';
import { deadlineOf } from '../live/watch-to-end.ts';
import type { Ports } from '../ports.ts';
import { readDocument } from '../read-document.ts';

const VALUES = z.record(z.string(), z.unknown(), 'values are a map');

const SHOW_FLAGS = {
  format: { type: 'string', value: 'FORM', says: 'text (default), markdown for a pull request comment, or json' },
  timeout: {
    type: 'string',
    value: 'TIME',
    says: 'how long to wait for it (default 30m); it is worked out all the same',
  },
} as const satisfies Record<string, Flag>;

export const plan: Command = {
  name: 'plan',
  summary: 'Show what a rollout would change, and where, without starting one',
  usage: 'PACKAGE VERSION [--target LABELS]… [--stages FILE] [--values FILE] [--format FORM] [--no-wait]',
  flags: {
    target: {
      type: 'string',
      multiple: true,
      value: 'LABELS',
      says: "environments, as JSON or k=v,…; each is a stage of its own; '{}' is all",
    },
    stages: { type: 'string', value: 'FILE', says: 'stages as YAML or JSON' },
    values: { type: 'string', value: 'FILE', says: 'values that the rollout would bring, the strongest layer' },
    ...SHOW_FLAGS,
    'no-wait': { type: 'boolean', says: 'ask for it and return' },
    ...PROOF_FLAG,
    ...DESTINATION_FLAGS,
  },
  examples: [
    'fairlead plan webui 1.4.2',
    'fairlead plan webui 1.4.2 --target ring=canary --format markdown',
    'fairlead plan webui 1.4.2 --values values.yaml --json',
  ],
  takes: [2, 2],

  async run(call, ports) {
    const pkg = nameAt(call, 0, 'package');
    const format = formatOf(call);
    const body = await bodyOf(call, ports);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const { id, matched } = await api.startPlan(pkg, body);
    const count = `${matched.length} environment${matched.length === 1 ? '' : 's'}`;
    ports.terminal.err(`plan ${id} of ${pkg} ${body.version} for ${count}`);
    const watching = { api, pkg, id, deadline };
    if (!given(call.flags, 'no-wait')) return await watchAndSay(ports, watching, format);
    say(ports, await api.plan(pkg, id), format);
    return EXIT.success;
  },
};

export const planShow: Command = {
  name: 'plan show',
  summary: 'Show a plan again: what would have changed when it was made',
  usage: 'PACKAGE [PLAN|latest] [--format FORM]',
  flags: { ...SHOW_FLAGS, ...DESTINATION_FLAGS },
  examples: ['fairlead plan show webui', 'fairlead plan show webui 01JD0Z5Q6X3N8V7T2K4M9R1B0C --format markdown'],
  takes: [1, 2],

  async run(call, ports) {
    const [pkg, asked] = [nameAt(call, 0, 'package'), planAt(call.positionals[1] ?? 'latest')];
    const format = formatOf(call);
    const deadline = deadlineOf(call, ports);
    const api = await connect(call, ports);
    const { id } = await api.plan(pkg, asked);
    return await watchAndSay(ports, { api, pkg, id, deadline }, format);
  },
};

/** Waits, shows, and answers the exit code. */
async function watchAndSay(ports: Ports, watching: WatchingPlan, format: PlanFormat): Promise<number> {
  try {
    const found = await watchPlan(ports, watching);
    say(ports, found, format);
    return exitOfPlan(found);
  } catch (error: unknown) {
    if (!(error instanceof LeftRunning)) throw error;
    const { pkg, id } = watching;
    ports.terminal.err(`plan ${id} is worked out to its end: see it with fairlead plan show ${pkg} ${id}`);
    return EXIT.interrupted;
  }
}

/** Programs and comments get the plan alone on stdout, people its last line with it. */
function say({ terminal }: Ports, found: PlanView, format: PlanFormat): void {
  if (found.state !== 'working' || format === 'json') terminal.out(renderPlan(found, format));
  if (format === 'text') terminal.out(lastLine(found));
  else terminal.err(lastLine(found));
}

function formatOf({ flags, json }: Call): PlanFormat {
  const asked = text(flags, 'format') ?? (json ? 'json' : 'text');
  const format = PLAN_FORMATS.find((one) => one === asked);
  if (format === undefined || (json && format !== 'json')) {
    throw new WrongInvocation(
      `--format '${asked}'${json ? ' beside --json' : ''}: give one of ${PLAN_FORMATS.join(', ')}`,
    );
  }
  return format;
}

async function bodyOf(call: Call, ports: Ports) {
  const version = ChartVersion.safeParse(call.positionals[1]);
  if (!version.success)
    throw new WrongInvocation(`version '${call.positionals[1]}': ${version.error.issues[0]?.message}`);
  const targets = texts(call.flags, 'target').map((target) => ({ target: labels(target, 'target'), wait: true }));
  const [stages, values] = [text(call.flags, 'stages'), text(call.flags, 'values')];
  if (stages !== undefined && targets.length > 0)
    throw new WrongInvocation('--target and --stages say the same thing twice: give one');
  return {
    version: version.data,
    ...(targets.length > 0 && { targets }),
    ...(stages !== undefined && { stages: await readDocument(ports, stages, Stages) }),
    ...(values !== undefined && { values: await readDocument(ports, values, VALUES) }),
  };
}
