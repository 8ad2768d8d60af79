/**
 * A plan as the comment of a pull request (GitHub Flavored Markdown, https://github.github.com/gfm/). What charts, values and clusters
 * say stands in fenced code only, where nothing is Markdown, HTML or a mention; outside there are names that we have checked and words of ours.
 */
import type { DiffState } from './environment-diff.ts';
import { oneLine } from './one-line.ts';
import type { DiffGroup, PlanResult } from './plan-result.ts';
import { sayCount, sayGroup, sayLeftOut, sayNames, sayProblem, sayState, sayValueChange } from './say-groups.ts';

/** GitHub takes 65,536 characters. */
const MAX_BYTES = 60_000;
/** For the end, and for the words that something was left out. */
const RESERVED = 1000;

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
  readonly open: boolean;
}

/** At most 60,000 bytes; what does not fit is counted. */
export function renderMarkdown(plan: PlanResult): string {
  const head = [`### Plan of ${word(plan.package)} ${word(plan.version)}`, '', ...table(plan), ''].join('\n');
  const end = `\nplan \`${word(plan.planId)}\`, digest \`${word(plan.digest)}\`\n`;
  let text = head;
  let left = 0;
  for (const section of sectionsOf(plan)) {
    const room = MAX_BYTES - RESERVED - bytes(text) - bytes(end);
    const said = left > 0 ? undefined : fitted(section, room);
    if (said === undefined) left += 1;
    else text += said;
  }
  return `${text}${left > 0 ? `\n… and ${sayCount(left, 'more section')}: see the plan itself\n` : ''}${end}`;
}

function table({ groups }: PlanResult): readonly string[] {
  const counts = new Map<DiffState, number>();
  for (const { state, environments } of groups) counts.set(state, (counts.get(state) ?? 0) + environments.length);
  const rows = [...counts].map(([state, count]) => `| ${sayState(state)} | ${count} |`);
  return ['| | environments |', '|---|---:|', ...rows];
}

function sectionsOf({ groups, values, hooks, problems, leftOut }: PlanResult): readonly Section[] {
  const blocking = problems.filter(({ blocks }) => blocks).map(sayProblem);
  const others = problems.filter(({ blocks }) => !blocks).map(sayProblem);
  const left = leftOut.map(sayLeftOut);
  const sections = [
    { title: 'Blocked by', lines: blocking, open: true },
    ...groups.flatMap(groupSection),
    { title: 'Mind', lines: others, open: true },
    { title: `Values that change (${values.length})`, lines: values.map(sayValueChange), open: false },
    { title: 'Hooks that run', lines: hooks.map(oneLine), open: false },
    { title: `Left out (${left.length})`, lines: left, open: false },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function groupSection(group: DiffGroup): readonly Section[] {
  const { state, environments } = group;
  const title = `${sayCount(environments.length, 'environment')}: ${sayState(state)} (${sayNames(environments.map(word))})`;
  const names = environments.length > 6 ? [`in ${environments.join(', ')}`] : [];
  if (state === 'unchanged') return [{ title, lines: names, open: false }];
  return [{ title, lines: [...sayGroup(group), ...names], open: true }];
}

/** As many of its lines as there is room for; nothing when there is none for any. */
function fitted({ title, lines, open }: Section, room: number): string | undefined {
  const fence = fenceFor(lines);
  const around = `\n<details${open ? ' open' : ''}><summary>${title}</summary>\n\n${fence}text\n${fence}\n\n</details>\n`;
  let free = room - bytes(around);
  const kept: string[] = [];
  for (const line of lines) {
    free -= bytes(line) + 1;
    if (free < 0) break;
    kept.push(line);
  }
  if (kept.length === 0) return undefined;
  const more = lines.length - kept.length;
  const said = more > 0 ? [...kept, `… and ${more} more`] : kept;
  return around.replace(`${fence}text\n`, () => `${fence}text\n${said.join('\n')}\n`);
}

/** Longer than any run of backticks inside, so that nothing inside can end it (https://github.github.com/gfm/#fenced-code-blocks). */
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
}

/** Names, versions and digests are such words already; of anything else only so much is left. */
const word = (text: string) => text.replace(/[^\w.+:-]/g, '');
const bytes = (text: string) => new TextEncoder().encode(text).length;
