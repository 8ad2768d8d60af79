/** The rollout as the job's summary shows it: HTML alone, without an empty line, so that nothing in it is read as Markdown. */
import type { Deployment, Rollout, Stage } from './answers.ts';
import { code, html, link } from './harmless.ts';

/** Environment → the first lines of its evidence. */
export type EvidenceLines = ReadonlyMap<string, readonly string[]>;

export interface SummaryOptions {
  readonly evidence?: EvidenceLines;
  /** What the Action has to say beside: that time is over, that it was cancelled. */
  readonly note?: string;
}

/** A summary has room for 1 MiB; what does not fit is counted. */
const MOST_ROWS = 200;

const MARKS: Readonly<Record<string, string>> = {
  succeeded: '✅',
  failed: '❌',
  errored: '❌',
  'rolled-back': '❌',
  blocked: '❌',
  skipped: '⏭️',
  aborted: '🛑',
  superseded: '🛑',
};
const MOVES = '⏳';

/** States that somebody has to look into. */
export const isBad = ({ state }: Pick<Deployment, 'state'>): boolean => MARKS[state] === '❌';

/** One rollout as a summary. */
export function summaryOf(rollout: Rollout, { evidence = new Map(), note }: SummaryOptions = {}): string {
  const { state, outcome, deployments, waiting, warning, rollback, override, stages } = rollout;
  const shown = [...deployments.filter(isBad), ...deployments.filter((d) => !isBad(d))].slice(0, MOST_ROWS);
  const hidden = deployments.length - shown.length;
  return block([
    `<h3>${MARKS[state] ?? MOVES} ${code(`${rollout.package} ${rollout.version}`)} ${html(state)}</h3>`,
    ...(note === undefined ? [] : [`<p>${code(note, 1000)}</p>`]),
    ...(rollback === undefined ? [] : [`<p>a rollback, by ${code(rollback.by)}: ${code(rollback.reason, 1000)}</p>`]),
    ...(override === undefined
      ? []
      : [`<p>in spite of freezes, by ${code(override.by)}: ${code(override.reason, 1000)}</p>`]),
    ...(outcome === undefined ? [] : [`<p>${code(outcome.because, 1000)}</p>`]),
    ...(warning === undefined ? [] : [`<p>warning: ${code(warning, 1000)}</p>`]),
    ...(waiting === undefined
      ? []
      : [
          `<p>waits on ${code(waiting.on)} until ${code(waiting.until)}: ${code(waiting.because, 1000)}; ended by ${code(waiting.who, 1000)}</p>`,
        ]),
    ...stages.flatMap(gateOf),
    ...(shown.length === 0 ? [] : [tableOf(shown)]),
    ...(hidden > 0 ? [`<p>… and ${hidden} more environments</p>`] : []),
    ...shown.flatMap((deployment) => evidenceOf(deployment, evidence.get(deployment.environment))),
    `<p>Rollout ${code(rollout.id)}${rollout.console === undefined ? '' : ` · ${link('Step Functions console', rollout.console)}`}</p>`,
  ]);
}

/** The summary of a step that came to no rollout. */
export function summaryOfTrouble(title: string, message: string): string {
  return block([`<h3>❌ ${code(title)}</h3>`, `<pre>${html(message)}</pre>`]);
}

/** How a stage's gate stands, with every word that came with a reason. */
function gateOf({ name, gate }: Stage): string[] {
  if (gate === undefined) return [];
  const said = gate.given.flatMap(({ by, decision, reason, breakGlass }) => [
    ...(reason === undefined ? [] : [`<p>${code(by)} (${html(decision)}): ${code(reason, 1000)}</p>`]),
    ...(breakGlass === undefined ? [] : [`<p>BREAK-GLASS by ${code(by)}: ${code(breakGlass, 1000)}</p>`]),
  ]);
  return [`<p>gate of ${code(name)} ${html(gate.state)}: ${code(gate.because, 1000)}</p>`, ...said];
}

const block = (lines: readonly string[]) => `\n<div>\n${lines.join('\n')}\n</div>\n`;

function tableOf(deployments: readonly Deployment[]): string {
  const rows = deployments.map(({ stage, environment, state, outcome }) => {
    const because = outcome === undefined ? '' : code(outcome.because.split('\n')[0] ?? '');
    const shown = state === 'pending' ? 'not touched' : state;
    return `<tr><td>${code(stage)}</td><td>${code(environment)}</td><td>${MARKS[state] ?? MOVES} ${html(shown)}</td><td>${because}</td></tr>`;
  });
  const head = '<tr><th>stage</th><th>environment</th><th>state</th><th>because</th></tr>';
  return `<table>\n${head}\n${rows.join('\n')}\n</table>`;
}

function evidenceOf({ environment, outcome }: Deployment, lines: readonly string[] = []): string[] {
  const objects = (outcome?.objects ?? []).map(({ kind, name, because }) => `${kind} ${name}: ${because}`);
  const all = [...new Set([...lines, ...(lines.length === 0 ? objects : [])])].slice(0, 10);
  if (all.length === 0) return [];
  return [`<p>Evidence of ${code(environment)}</p>`, `<pre>${html(all.join('\n'))}</pre>`];
}
