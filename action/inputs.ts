/** Every input of the Action, in one schema: `action.yml` and the table in the docs are made from it. */
import * as z from 'zod';
import { troubleOfEndpoint } from '../contracts/api/endpoint.ts';
import { IdempotencyKey } from '../contracts/api/rollout.ts';
import { ChartVersion, Name } from '../contracts/name.ts';
import { wrongInput } from './stopped.ts';

const yesOrNo = (byDefault: 'true' | 'false') =>
  z
    .enum(['true', 'false'], { error: ({ input }) => `'${String(input)}' is neither true nor false` })
    .default(byDefault)
    .transform((word) => word === 'true');

const Endpoint = z.string().superRefine((endpoint, context) => {
  const trouble = troubleOfEndpoint(endpoint);
  if (trouble !== undefined) context.addIssue({ code: 'custom', message: trouble });
});

const RoleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, {
  error: ({ input }) =>
    `'${String(input)}' is no ARN of a role: it looks like arn:aws:iam::123456789012:role/fairlead-source-webui`,
});

const Minutes = z
  .string()
  .refine((text) => Number(text) > 0 && Number(text) <= 1440, {
    error: ({ input }) => `'${String(input)}' is no time: give minutes above 0 and up to 1440, such as 30 or 0.5`,
  })
  .default('30')
  .transform(Number);

/** Values are texts, as GitHub passes them. What may be left out is optional or has a default. */
export const Inputs = z.strictObject({
  endpoint: Endpoint.meta({ description: "Base URL of Fairlead's API: output `ApiUrl` of the stack." }),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: ({ input }) => `'${String(input)}' is no AWS region` })
    .optional()
    .meta({ description: 'Region of the API. Read from `endpoint`, else from `AWS_REGION`, when left out.' }),
  'role-to-assume': RoleArn.optional().meta({
    description: "ARN of the repository's source role. Left out: the AWS credentials that the job already has.",
  }),
  package: Name.meta({ description: 'The package to roll out.' }),
  version: ChartVersion.meta({ description: "The chart's version." }),
  values: z.string().optional().meta({
    description: 'Helm values of this rollout as YAML or JSON, the strongest layer.',
  }),
  'values-file': z.string().optional().meta({ description: 'The same from a file. Not together with `values`.' }),
  targets: z.string().optional().meta({
    description:
      'JSON array of `{"target": {"label": "value"}, "wait": true}`; entries up to and including one with `wait` form one stage, `{}` matches every environment.',
  }),
  'targets-file': z.string().optional().meta({ description: 'The same from a file.' }),
  'stages-file': z.string().optional().meta({
    description:
      "YAML or JSON file with stages. Only one of `targets`, `targets-file` and `stages-file`; with none of them the package's own stages hold.",
  }),
  description: z
    .string()
    .max(1000, 'it is longer than 1000 characters')
    .optional()
    .meta({ description: 'Why, for people.' }),
  wait: yesOrNo('true').meta({ description: 'Follow the rollout to its end, and fail the job when it fails.' }),
  'timeout-minutes': Minutes.meta({
    description: 'How long to follow; fractions are fine. The rollout itself goes on when it is over.',
  }),
  'idempotency-key': IdempotencyKey.optional().meta({
    description:
      'A repeated start with the same key starts nothing new. Made from repository, run, attempt, job, step and request when left out.',
  }),
  'abort-on-cancel': yesOrNo('false').meta({
    description: 'Abort the rollout when the job is cancelled: what is under way ends by itself, nothing new begins.',
  }),
  'self-service': yesOrNo('false').meta({
    description:
      '`role-to-assume` is the role that all repositories share; every call proves by a GitHub token which repository it is. Needs the same permission `id-token: write`.',
  }),
  'claim-file': z.string().optional().meta({
    description:
      'With `self-service`: the file by which the repository claims its package. `.fairlead.yaml` when left out, and skipped when that is not there.',
  }),
});
export type Inputs = z.output<typeof Inputs>;

/**
 * Reads the inputs from `INPUT_*` as the runner sets them; an empty one counts as left out.
 * @throws Stopped naming every input that is off
 */
export function readInputs(env: Readonly<Record<string, string | undefined>>): Inputs {
  const given = Object.entries(env).flatMap(([name, value = '']) =>
    name.startsWith('INPUT_') && value.trim() !== ''
      ? [[name.slice('INPUT_'.length).toLowerCase(), value.trim()] as const]
      : [],
  );
  const found = Inputs.safeParse(Object.fromEntries(given), { reportInput: true });
  if (!found.success) throw wrongInput(found.error.issues.flatMap(wordsFor).join('\n'));
  refuseContradictions(found.data);
  return found.data;
}

function wordsFor(issue: z.core.$ZodIssue): string[] {
  // Ignoring an input that somebody relies on would be a rollout that they did not ask for.
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `input '${key}': there is no such input; these are: ${Object.keys(Inputs.shape).join(', ')}`,
    );
  }
  const name = String(issue.path[0]);
  const missing = issue.code === 'invalid_type' && /received undefined$/.test(issue.message);
  // A pattern's message says what it should be; what it was belongs before it.
  const was = issue.code === 'invalid_format' && !issue.message.includes("'") ? `'${String(issue.input)}': ` : '';
  return [`input '${name}': ${was}${missing ? `it is missing: add '${name}' to the step's 'with'` : issue.message}`];
}

function refuseContradictions(inputs: Inputs): void {
  const given = (['targets', 'targets-file', 'stages-file'] as const).filter((name) => inputs[name] !== undefined);
  if (given.length > 1) {
    throw wrongInput(`inputs '${given.join("' and '")}' say the same thing twice: give one of them`);
  }
  if (inputs.values !== undefined && inputs['values-file'] !== undefined) {
    throw wrongInput("inputs 'values' and 'values-file' say the same thing twice: give one of them");
  }
  if (inputs['claim-file'] !== undefined && !inputs['self-service']) {
    throw wrongInput("input 'claim-file' is for self-service only: add 'self-service: true', or leave it out");
  }
}
