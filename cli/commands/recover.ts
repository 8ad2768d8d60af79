import type { RecoveryView } from '../../contracts/api/recovery.ts';
import type { RolloutSummary } from '../../contracts/api/rollout.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { given, texts } from '../flags.ts';
import { type Paint, painter } from '../paint.ts';
import { plain } from '../plain.ts';
import type { Ports } from '../ports.ts';
import { table } from '../table.ts';

/** Deployers asked at the same time: each answers from a function of its own. */
const AT_ONCE = 8;
const RESTORED = 'the table was restored to an earlier point: roll out again';

export const recover: Command = {
  name: 'recover',
  summary: "After the table was restored: compare it with helm's records in every cluster, and let it learn",
  usage: '[--apply] [--environment E]…',
  flags: {
    apply: {
      type: 'boolean',
      says: 'let the table learn; without --environment also abort the rollouts that it believes open',
    },
    environment: { type: 'string', multiple: true, value: 'E', says: 'only these; default: all' },
    ...DESTINATION_FLAGS,
  },
  examples: ['fairlead recover', 'fairlead recover --apply'],
  takes: [0, 0],

  async run(call, ports) {
    const api = await connect(call, ports);
    const apply = given(call.flags, 'apply');
    const wanted = texts(call.flags, 'environment');
    // Which environments an open rollout has left is not told here: it is for the look at all of them.
    const open = wanted.length > 0 ? [] : await api.openRollouts();
    if (apply) for (const { package: pkg, id } of open) await api.abort(pkg, id, RESTORED);
    const found = await compareAll(api, await pairsOf(api, wanted), apply, ports);
    say(call, ports, open, found, apply);
    return found.every(({ state, person }) => FINE.includes(state) && person === undefined) ? 0 : 1;
  },
};

const FINE: readonly RecoveryView['state'][] = ['agrees', 'recovered'];

type Pair = readonly [environment: string, pkg: string];

/** Every release that the table knows of. */
async function pairsOf(api: FairleadApi, wanted: readonly string[]): Promise<Pair[]> {
  const names = wanted.length > 0 ? wanted : (await api.environments()).environments.map(({ name }) => name);
  const lists = await Promise.all(names.map((name) => api.releases(name)));
  return lists.flatMap(({ releases }) => releases.map((release): Pair => [release.environment, release.package]));
}

async function compareAll(api: FairleadApi, pairs: readonly Pair[], apply: boolean, { terminal }: Ports) {
  const left = [...pairs];
  const found: RecoveryView[] = [];
  const work = async () => {
    for (let pair = left.shift(); pair !== undefined; pair = left.shift()) {
      found.push(await api.recover(...pair, apply));
      if (terminal.live) terminal.draw(`${found.length} of ${pairs.length} releases compared`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    terminal.done();
  }
  return found.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

const nameOf = ({ environment, package: pkg }: RecoveryView) => `${environment}/${pkg}`;

function say(
  call: Call,
  ports: Ports,
  open: readonly RolloutSummary[],
  found: readonly RecoveryView[],
  apply: boolean,
): void {
  const paint = painter(ports.terminal.colour);
  answer(call, ports, { open: open.map(({ id }) => id), releases: found }, () => [
    ...openLines(open, apply),
    ...(found.length === 0
      ? []
      : table(paint, ['environment', 'package', 'state', 'what was found'], found.map(rowOf))),
    lastLine(paint, found, apply),
  ]);
}

function openLines(open: readonly RolloutSummary[], apply: boolean): string[] {
  if (open.length === 0) return [];
  const ids = open.map(({ package: pkg, id }) => `${pkg} ${id}`).join(', ');
  return [
    apply ? `aborted, since the table does not know how they went on: ${ids}` : `open, and to be aborted: ${ids}`,
  ];
}

function rowOf({ environment, package: pkg, state, findings, person, until }: RecoveryView): string[] {
  const words = [...findings, ...(person === undefined ? [] : [`by hand: ${person}`])];
  const what = words.length === 0 ? 'as the table says' : plain(words.join('; '));
  return [environment, pkg, state, until === undefined ? what : `${what} (again after ${until})`];
}

function lastLine(paint: Paint, found: readonly RecoveryView[], apply: boolean): string {
  const groups = Object.entries(Object.groupBy(found, ({ state }) => state));
  const counts = groups.map(([state, { length }]) => `${length} ${state}`).join(', ');
  if (found.length === 0) return 'the table knows of no release';
  const next =
    !apply && found.some(({ state }) => state === 'differs') ? ": 'fairlead recover --apply' lets the table learn" : '';
  return paint('bold', `${found.length} releases: ${counts}${next}`);
}
