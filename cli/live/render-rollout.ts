/** A rollout as a person wants to see it: one row a deployment, what it waits on, and why. Pure. */
import type { DeploymentView, RolloutView } from '../../contracts/api/rollout.ts';
import { type Paint, stateText } from '../paint.ts';
import { table } from '../table.ts';

/** How many rows are drawn before the rest is only counted, so that a terminal can hold it. */
const MOST_ROWS = 40;

export interface RenderOptions {
  readonly now: Date;
  readonly columns: number;
}

/** The whole rollout as lines, none wider than `columns`. */
export function renderRollout(paint: Paint, rollout: RolloutView, { now, columns }: RenderOptions): string[] {
  const end = rollout.finishedAt === undefined ? now : new Date(rollout.finishedAt);
  const seconds = Math.max(0, Math.round((end.getTime() - Date.parse(rollout.createdAt)) / 1000));
  const head = `${paint('bold', `${rollout.package} ${rollout.version}`)}  ${rollout.id}  ${stateText(paint, rollout.state)}  ${paint('dim', `${seconds} s`)}`;
  const rows = rollout.deployments.map((deployment) => rowOf(paint, deployment, columns));
  const interesting = rows.slice(0, MOST_ROWS);
  const left = rows.length - interesting.length;
  return [
    head,
    ...(rows.length > 0 ? table(paint, ['stage', 'environment', 'state', 'revision', 'because'], interesting) : []),
    ...(left > 0 ? [paint('dim', `… and ${left} more`)] : []),
    ...waitLines(paint, rollout, now),
  ];
}

function rowOf(
  paint: Paint,
  { stage, environment, state, revision, outcome }: DeploymentView,
  columns: number,
): string[] {
  const room = Math.max(20, columns - 60);
  const because = (outcome?.because ?? '').split('\n')[0] ?? '';
  const said = because.length > room ? `${because.slice(0, room - 1)}…` : because;
  return [stage, environment, stateText(paint, state), revision === undefined ? '' : String(revision), said];
}

function waitLines(paint: Paint, { waiting }: RolloutView, now: Date): string[] {
  if (waiting === undefined) return [];
  const minutes = Math.max(0, Math.round((Date.parse(waiting.until) - now.getTime()) / 6000) / 10);
  return [
    paint(
      'yellow',
      `waits on ${waiting.on}: ${waiting.because} (until ${waiting.until}, ${minutes} min; ${waiting.who} can end it)`,
    ),
  ];
}

/** What went wrong, for people: each bad deployment, its objects at fault, and where its evidence is. */
export function renderFailures(paint: Paint, rollout: RolloutView): string[] {
  return rollout.deployments
    .filter(({ state }) => ['failed', 'rolled-back', 'blocked', 'errored'].includes(state))
    .flatMap(({ environment, state, outcome, evidence }) => [
      `${paint('red', `${environment}: ${state}`)}: ${outcome?.because ?? ''}`,
      ...(outcome?.objects ?? []).map(({ kind, name, because }) => `  ${kind} ${name}: ${because}`),
      ...(evidence
        ? [paint('dim', `  evidence: fairlead evidence ${rollout.package} ${rollout.id} ${environment}`)]
        : []),
    ]);
}

/** The one clear last line. */
export function summaryLine(rollout: RolloutView): string {
  const counts = new Map<string, number>();
  for (const { state } of rollout.deployments) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, n]) => (state === 'pending' ? `${n} not touched` : `${n} ${state}`));
  const because = rollout.outcome === undefined ? '' : `: ${rollout.outcome.because.split('\n')[0]}`;
  const warning = rollout.warning === undefined ? '' : ` (warning: ${rollout.warning})`;
  return `${rollout.package} ${rollout.version} ${rollout.state}${because}${parts.length > 0 ? ` [${parts.join(', ')}]` : ''}${warning}`;
}
