/** `action/action.yml` and the tables of `docs/reference/github-action.md`, from the one schema that reads the inputs. */
import { stringify } from 'yaml';
import type * as z from 'zod';
import { Inputs } from '../../action/inputs.ts';
import type { Generated } from './generated.ts';

const OUTPUTS = {
  rollout: 'Id of the rollout, as soon as it is accepted.',
  state: "The rollout's state when the step ended: `succeeded`, `failed`, … or `running` when the step did not wait.",
  url: 'Its execution in the Step Functions console; empty where there is none.',
} as const;

interface Input {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly byDefault: string | undefined;
}

/** Both files. */
export function action(): readonly Generated[] {
  const inputs = Object.entries(Inputs.shape).map(([name, schema]) => inputOf(name, schema));
  return [
    { path: 'action/action.yml', content: manifest(inputs) },
    { path: 'docs/reference/github-action.md', content: page(inputs) },
  ];
}

function inputOf(name: string, schema: z.ZodType): Input {
  const { description } = schema.meta() ?? {};
  if (description === undefined) throw new Error(`input '${name}' has no description`);
  const required = !schema.safeParse(undefined).success;
  // What the schema makes of nothing is the default; texts are what GitHub knows.
  const made = required ? undefined : schema.parse(undefined);
  return { name, description, required, byDefault: made === undefined ? undefined : String(made) };
}

const MADE = 'made by `npm run generate` from action/inputs.ts: change it there';

function manifest(inputs: readonly Input[]): string {
  const document = {
    name: 'Fairlead rollout',
    description: 'Rolls a version of a package out through Fairlead, and follows it to its end.',
    branding: { icon: 'anchor', color: 'blue' },
    inputs: Object.fromEntries(
      inputs.map(({ name, description, required, byDefault }) => [
        name,
        { description, required, ...(byDefault !== undefined && { default: byDefault }) },
      ]),
    ),
    outputs: Object.fromEntries(Object.entries(OUTPUTS).map(([name, description]) => [name, { description }])),
    runs: { using: 'node24', main: 'dist/index.js' },
  };
  return `# ${MADE}\n${stringify(document, { lineWidth: 0, singleQuote: true })}`;
}

function page(inputs: readonly Input[]): string {
  const rows = inputs.map(({ name, description, required, byDefault }) => {
    const otherwise = required ? 'required' : byDefault === undefined ? '' : `\`${byDefault}\``;
    return `| \`${name}\` | ${otherwise} | ${description.replaceAll('|', '\\|')} |`;
  });
  const outputs = Object.entries(OUTPUTS).map(([name, description]) => `| \`${name}\` | ${description} |`);
  return `<!-- ${MADE} -->
# Inputs and outputs of the Action

How to use it: [the GitHub Action](../github-action.md). An empty input counts as left out; one that is not listed here is refused.

| input | default | what it is |
|---|---|---|
${rows.join('\n')}

| output | what it is |
|---|---|
${outputs.join('\n')}

The step's exit code is that of [the table](exit-codes.md).
`;
}
