/** `docs/reference/exit-codes.md`, from the one table that maps what happened to exit codes. */
import { PROBLEMS } from '../../contracts/api/problem.ts';
import { EXIT, EXIT_OF_OUTCOME, EXIT_OF_STATE } from '../../contracts/outcome-table.ts';
import type { Generated } from './generated.ts';

/** The page. */
export function exitCodes(): readonly Generated[] {
  const rows = Object.entries(EXIT).map(([name, exit]) => rowOf(name, exit));
  const content = `<!-- made by \`npm run generate\` from contracts/outcome-table.ts: change it there -->
# Exit codes

What the command line and the GitHub Action give back to whoever called them. A rollout that ended gives the code of its outcome where that is more exact than
the code of its state; a failed one whose every failure is about values or templates gives 8, because then its author has to act.

| code | name | given for |
|---|---|---|
${rows.join('\n')}
`;
  return [{ path: 'docs/reference/exit-codes.md', content }];
}

interface Causes {
  readonly states: readonly string[];
  readonly outcomes: readonly string[];
  readonly problems: readonly string[];
}

/** Everything that leads to one exit code. */
export function causesOf(exit: number): Causes {
  const of = (table: Readonly<Record<string, number | undefined>>) =>
    Object.keys(table).filter((key) => table[key] === exit);
  const problems = Object.fromEntries(Object.entries(PROBLEMS).map(([type, { exit }]) => [type, exit]));
  return { states: of(EXIT_OF_STATE), outcomes: of(EXIT_OF_OUTCOME), problems: of(problems) };
}

/** What has no state, outcome or problem of its own. */
const OTHERWISE: Readonly<Record<number, string>> = {
  [EXIT.unavailable]: 'the API or the local stack does not answer',
  [EXIT['wrong invocation']]: 'a wrong flag, argument or input, or no AWS credentials',
  [EXIT.internal]: 'a mistake of the command line or the Action itself',
  [EXIT.timeout]: 'the rollout was not over when `--timeout` or `timeout-minutes` was; it goes on',
  [EXIT.interrupted]: 'Ctrl-C while watching, or a cancelled job; the rollout goes on',
};

function rowOf(name: string, exit: number): string {
  const { states, outcomes, problems } = causesOf(exit);
  const said = [
    states.length > 0 && exit !== EXIT.timeout ? `rollout ${quoted(states)}` : '',
    outcomes.length > 0 ? `outcome ${quoted(outcomes)}` : '',
    problems.length > 0 ? `problem ${quoted(problems)}` : '',
    OTHERWISE[exit] ?? '',
  ];
  return `| ${exit} | ${name} | ${said.filter((text) => text !== '').join('; ')} |`;
}

const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
