import type { ReleaseView } from '../../contracts/api/environment.ts';
import type { RolloutSummary } from '../../contracts/api/rollout.ts';
import { type Call, type Command, DESTINATION_FLAGS } from '../command.ts';
import { answer, connect } from '../connect.ts';
import type { FairleadApi } from '../fairlead-api.ts';
import { nameAt, rolloutAt } from '../flags.ts';
import { announcedLines } from '../live/render-changes.ts';
import { gateLines } from '../live/render-gates.ts';
import { holdLines } from '../live/render-holds.ts';
import { versionText } from '../live/render-rollback.ts';
import { renderFailures, renderRollout } from '../live/render-rollout.ts';
import { waitLines } from '../live/render-wait.ts';
import { type Paint, painter, stateText } from '../paint.ts';
import { firstLine, plain } from '../plain.ts';
import type { Ports } from '../ports.ts';
import { table } from '../table.ts';
import { whoLine } from '../who.ts';

export const status: Command = {
  name: 'status',
  summary: 'Show what runs where; or a package’s rollouts; or one rollout and why it is where it is',
  usage: '[PACKAGE [ROLLOUT|latest]]',
  flags: DESTINATION_FLAGS,
  examples: ['fairlead status', 'fairlead status webui', 'fairlead status webui latest'],
  takes: [0, 2],

  async run(call, ports) {
    const id = call.positionals.length < 2 ? undefined : rolloutAt(call, 1);
    const pkg = call.positionals.length === 0 ? undefined : nameAt(call, 0, 'package');
    const api = await connect(call, ports);
    if (pkg === undefined) await everywhere(call, ports, api);
    else if (id === undefined) await history(call, ports, api, pkg);
    else await one(call, ports, api, pkg, id);
    return 0;
  },
};

async function everywhere(call: Call, ports: Ports, api: FairleadApi): Promise<void> {
  const [{ environments }, open, { changes }] = await Promise.all([
    api.environments(),
    api.openRollouts(),
    api.valuesChanges(),
  ]);
  const lists = await Promise.all(environments.map(({ name }) => api.releases(name)));
  const releases = lists.flatMap((list) => list.releases);
  const kept = {
    holds: lists.flatMap((list) => list.holds),
    quarantines: lists.flatMap((list) => list.quarantines),
  };
  const paint = painter(ports.terminal.colour);
  const row = (r: ReleaseView) => [
    r.environment,
    r.package,
    r.version ?? '',
    stateText(paint, r.state),
    r.revision === undefined ? '' : String(r.revision),
    r.at,
    firstLine(r.because),
  ];
  answer(
    call,
    ports,
    { open, releases, ...kept, changes: changes.filter(({ state }) => state === 'announced') },
    () => [
      ...openLines(paint, open, ports.now()),
      ...(releases.length === 0
        ? [
            `nothing runs yet in ${environments.length} environments: 'fairlead rollout PACKAGE --version V' starts something`,
          ]
        : table(
            paint,
            ['environment', 'package', 'version', 'state', 'revision', 'since', 'because'],
            releases.map(row),
          )),
      ...announcedLines(paint, changes),
      ...holdLines(paint, kept),
      ...(kept.holds.length + kept.quarantines.length === 0
        ? []
        : [paint('dim', "'fairlead lift PACKAGE ENVIRONMENT' ends a hold, and lets quarantined inputs in again")]),
    ],
  );
}

/** What is under way or waits, each with what it waits on. */
function openLines(paint: Paint, open: readonly RolloutSummary[], now: Date): string[] {
  if (open.length === 0) return [];
  const lines = open.flatMap(({ id, package: pkg, state, waiting, ...rest }) => [
    `${paint('bold', `${pkg} ${versionText(rest)}`)}  ${id}  ${stateText(paint, state)}`,
    ...(waiting === undefined ? [] : waitLines(paint, waiting, now).map((line) => `  ${line}`)),
  ]);
  return [...lines, ''];
}

async function history(call: Call, ports: Ports, api: FairleadApi, pkg: string): Promise<void> {
  const { rollouts } = await api.rollouts(pkg);
  const paint = painter(ports.terminal.colour);
  const row = (r: RolloutSummary) => [
    r.id,
    versionText(r),
    stateText(paint, r.state),
    r.createdAt,
    whoLine(paint, r.startedBy),
    firstLine(r.outcome?.because ?? ''),
  ];
  answer(call, ports, rollouts, () =>
    rollouts.length === 0
      ? [`${pkg} was never rolled out`]
      : table(paint, ['rollout', 'version', 'state', 'started', 'by', 'because'], rollouts.map(row)),
  );
}

async function one(call: Call, ports: Ports, api: FairleadApi, pkg: string, id: string): Promise<void> {
  const found = await api.rollout(pkg, id);
  const { waiting, ...rest } = found;
  const paint = painter(ports.terminal.colour);
  answer(call, ports, found, () => [
    ...renderRollout(paint, rest, { now: ports.now(), columns: ports.terminal.columns }),
    // In full, unlike in a table that is redrawn: who waits wants the whole reason, and the command.
    ...(waiting === undefined ? [] : waitLines(paint, waiting, ports.now())),
    `started by ${whoLine(paint, found.startedBy)}`,
    ...gateLines(paint, found),
    ...(found.outcome === undefined ? [] : [plain(`${found.outcome.code}: ${found.outcome.because}`)]),
    ...renderFailures(paint, found),
    ...(found.console === undefined ? [] : [paint('dim', found.console)]),
  ]);
}
