/** A rollout as a person wants to see it: one row a deployment, what it waits on, and why. Pure. */
import type { DeploymentView, RolloutView } from '../../contracts/api/rollout.ts';
import { type Paint, stateText } from '../paint.ts';
import { clip, firstLine, plain } from '../plain.ts';
import { table } from '../table.ts';
import { causeLines } from './render-changes.ts';
import { overrideLines } from './render-freezes.ts';
import { plannedLines } from './render-plan.ts';
import { rollbackLines, versionText } from './render-rollback.ts';
import { putOffText, waitLines } from './render-wait.ts';

/** Rows of a usual terminal, less head, wait and counts. What does not fit is counted. */
const MOST_ROWS = 20;

export interface RenderOptions {
  readonly now: Date;
  readonly columns: number;
  /** How many deployments are shown. @default 20 */
  readonly mostRows?: number;
}

/** The whole rollout as lines, none wider than `columns`. */
export function renderRollout(paint: Paint, rollout: RolloutView, options: RenderOptions): string[] {
  const { now, columns, mostRows = MOST_ROWS } = options;
  const end = rollout.finishedAt === undefined ? now : new Date(rollout.finishedAt);
  const seconds = Math.max(0, Math.round((end.getTime() - Date.parse(rollout.createdAt)) / 1000));
  const head = `${paint('bold', `${rollout.package} ${versionText(rollout)}`)}  ${rollout.id}  ${stateText(paint, rollout.state)}  ${paint('dim', `${seconds} s`)}`;
  const shown = mostTelling(rollout.deployments, mostRows);
  const rows = shown.map((deployment) => rowOf(paint, deployment));
  const hidden = rollout.deployments.filter((deployment) => !shown.includes(deployment));
  const lines = [
    head,
    ...rollbackLines(paint, rollout),
    ...causeLines(paint, rollout),
    ...plannedLines(paint, rollout),
    ...overrideLines(paint, rollout),
    ...(rows.length > 0 ? table(paint, ['stage', 'environment', 'state', 'revision', 'because'], rows) : []),
    ...(hidden.length > 0 ? [paint('dim', `… and ${hidden.length} more: ${countsOf(hidden)}`)] : []),
    ...(rollout.waiting === undefined ? [] : waitLines(paint, rollout.waiting, now)),
  ];
  return lines.map((line) => clip(line, columns));
}

/** What one looks for first: what goes wrong, then what moves, then what comes, then what is done. */
const TELLING: readonly (readonly DeploymentView['state'][])[] = [
  ['failed', 'rolled-back', 'blocked', 'errored'],
  ['applying', 'observing', 'rolling-back'],
  ['pending'],
  ['succeeded', 'skipped'],
];

/** The `most` deployments that tell most, in the order of the rollout. */
function mostTelling(deployments: readonly DeploymentView[], most: number): readonly DeploymentView[] {
  if (deployments.length <= most) return deployments;
  const chosen = TELLING.flatMap((states) => deployments.filter(({ state }) => states.includes(state))).slice(0, most);
  return deployments.filter((deployment) => chosen.includes(deployment));
}

function rowOf(paint: Paint, { stage, environment, state, revision, outcome, putOff }: DeploymentView): string[] {
  const because = putOff === undefined ? firstLine(outcome?.because ?? '') : putOffText(putOff);
  return [stage, environment, stateText(paint, state), revision === undefined ? '' : String(revision), because];
}

/** What went wrong, for people: each bad deployment, its objects at fault, and where its evidence is. */
export function renderFailures(paint: Paint, rollout: RolloutView): string[] {
  return rollout.deployments
    .filter(({ state }) => ['failed', 'rolled-back', 'blocked', 'errored'].includes(state))
    .flatMap(({ environment, state, outcome, evidence }) => [
      `${paint('red', `${environment}: ${state}`)}: ${plain(outcome?.because ?? '')}`,
      ...(outcome?.objects ?? []).map(({ kind, name, because }) => plain(`  ${kind} ${name}: ${because}`)),
      ...(evidence
        ? [paint('dim', `  evidence: fairlead evidence ${rollout.package} ${rollout.id} ${environment}`)]
        : []),
    ]);
}

/** The one clear last line. */
export function summaryLine(rollout: RolloutView): string {
  const counts = countsOf(rollout.deployments);
  const because = rollout.outcome === undefined ? '' : `: ${firstLine(rollout.outcome.because)}`;
  const warning = rollout.warning === undefined ? '' : ` (warning: ${firstLine(rollout.warning)})`;
  return `${rollout.package} ${versionText(rollout)} ${rollout.state}${because}${counts === '' ? '' : ` [${counts}]`}${warning}`;
}

/** `3 succeeded, 1 rolled-back`. What never began is said to be not touched. */
function countsOf(deployments: readonly DeploymentView[]): string {
  const groups = Object.entries(Object.groupBy(deployments, ({ state }) => state));
  return groups.map(([state, { length }]) => `${length} ${state === 'pending' ? 'not touched' : state}`).join(', ');
}
