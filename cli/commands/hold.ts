import type { HoldView, Lifted } from '../../contracts/api/hold.ts';
import { matches } from '../../domain/target.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { checkedName, labels, nameAt, reasonOf, requiredReason, text } from '../flags.ts';
import { holdLine } from '../live/render-holds.ts';
import { oneLine } from '../plain.ts';
import type { Ports } from '../ports.ts';

const EXIT_NOTHING_MATCHED = 4;
const TARGET = {
  target: { type: 'string', value: 'LABELS', says: 'all environments with these labels, instead of ENVIRONMENT' },
} as const;
const USAGE = 'PACKAGE ENVIRONMENT|--target LABELS';

const holding = (kind: 'hold' | 'disabled', name: string, summary: string, examples: readonly string[]): Command => ({
  name,
  summary,
  usage: `${USAGE} --reason TEXT`,
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why, 1 to 1000 characters; everybody who is held up sees it' },
    ...TARGET,
    ...DESTINATION_FLAGS,
  },
  examples,
  takes: [1, 2],

  async run(call, ports) {
    const reason = requiredReason(call.flags);
    await each(call, ports, async (api, environment, pkg) => {
      const found = await api.hold(environment, pkg, { kind, reason });
      return { found, lines: [`${holdLine(found)}; 'fairlead lift ${pkg} ${environment}' ends it`] };
    });
    return 0;
  },
});

export const hold = holding('hold', 'hold', 'Keep a package from moving in an environment: rollouts pass it over', [
  "fairlead hold webui prod-eu --reason 'load test until Friday'",
]);
export const disable = holding('disabled', 'disable', 'Say that a package is not wanted in an environment for now', [
  "fairlead disable webui --target region=us --reason 'not wanted there'",
]);

export const lift: Command = {
  name: 'lift',
  summary: 'Let a package move again in an environment: end its hold and the quarantines of its inputs there',
  usage: `${USAGE} [--reason TEXT]`,
  flags: {
    reason: { type: 'string', value: 'TEXT', says: 'why; the history of what was quarantined has it' },
    ...TARGET,
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead lift webui prod-eu', "fairlead lift webui --target ring=prod --reason 'fixed in the database'"],
  takes: [1, 2],

  async run(call, ports) {
    const reason = reasonOf(call.flags);
    await each(call, ports, async (api, environment, pkg) => {
      const found = await api.lift(environment, pkg, reason === undefined ? {} : { reason });
      return { found: { environment, ...found }, lines: liftedLines(pkg, environment, found) };
    });
    return 0;
  },
};

interface Done {
  readonly found: unknown;
  readonly lines: readonly string[];
}

/** One environment, or each of a target, told as it is done: when one is refused, those before it stand. */
async function each(
  call: Call,
  ports: Ports,
  act: (api: FairleadApi, environment: string, pkg: string) => Promise<Done>,
): Promise<void> {
  const pkg = nameAt(call, 0, 'package');
  const target = text(call.flags, 'target');
  const named = call.positionals[1];
  if ((named === undefined) === (target === undefined))
    throw new WrongInvocation('name an environment, or give --target LABELS for several');
  const api = await connect(call, ports);
  const names = named === undefined ? await matching(api, target ?? '{}') : [checkedName(named, 'environment')];
  const found: unknown[] = [];
  for (const environment of names) {
    const done = await act(api, environment, pkg);
    found.push(done.found);
    if (!call.json) for (const line of done.lines) ports.terminal.out(oneLine(line));
  }
  if (call.json) answer(call, ports, target === undefined ? found[0] : found, () => []);
}

async function matching(api: FairleadApi, target: string): Promise<readonly string[]> {
  const wanted = labels(target, 'target');
  const { environments } = await api.environments();
  const names = environments.filter((environment) => matches(wanted, environment.labels)).map(({ name }) => name);
  if (names.length > 0) return names;
  throw new Failed(
    `no environment has the labels ${target}: 'fairlead environment list' shows them`,
    EXIT_NOTHING_MATCHED,
  );
}

function liftedLines(pkg: string, environment: string, { hold, quarantines }: Lifted): readonly string[] {
  const lines = [
    ...(hold === undefined ? [] : [`lifted in ${environment}: ${wordOf(hold)} by ${hold.by}: ${hold.reason}`]),
    ...(hold?.over === undefined ? [] : [`lifted in ${environment}: hold by ${hold.over.by}: ${hold.over.reason}`]),
    ...quarantines.map(
      ({ version, rollout, because }) =>
        `lifted in ${environment}: quarantine of ${pkg} ${version ?? 'inputs'} since rollout ${rollout}: ${because}`,
    ),
  ];
  return lines.length > 0 ? lines : [`nothing keeps ${pkg} from moving in ${environment}: nothing was lifted`];
}

const wordOf = ({ kind }: HoldView) => (kind === 'disabled' ? 'disabled' : 'hold');
