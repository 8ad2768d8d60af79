/** What `--help` says. */
import { COMMON_FLAGS, type Command, type Flag } from './command.ts';

/** All commands, a line each. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "fairlead rolls helm releases out to many EKS clusters from AWS's serverless parts only",
    '',
    'usage: fairlead COMMAND [ARGUMENTS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    "'fairlead COMMAND --help' says more. Exit codes: docs/reference/exit-codes.md",
  ].join('\n');
}

/** One command: usage, flags, examples. */
export function helpOf(command: Command): string {
  const flags = Object.entries({ ...command.flags, ...COMMON_FLAGS }).map(([name, flag]) => [
    spelled(name, flag),
    flag.says,
  ]);
  const width = Math.max(...flags.map(([spelling = '']) => spelling.length));
  return [
    `${command.summary}`,
    '',
    `usage: fairlead ${command.name} ${command.usage}`.trimEnd(),
    '',
    ...flags.map(([spelling = '', says]) => `  ${spelling.padEnd(width)}  ${says}`),
    '',
    'examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}

function spelled(name: string, { short, value, multiple }: Flag): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}${multiple ? ' …' : ''}`;
}
