import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { zipOf } from './zip.ts';

/** What a function says, call by call; the last one again and again. `{ throws }` makes it break. */
export type Script = Readonly<Record<string, readonly object[]>>;

export interface Call {
  /** `apply` and such for the deployer, else the function's folder. */
  readonly to: string;
  /** The function that was called. */
  readonly by: string;
  readonly event: Readonly<Record<string, unknown>>;
}

export interface StandIns {
  /** ARN by placeholder: `${PlanRolloutArn}` is that of `plan-rollout`. */
  readonly arns: Readonly<Record<string, string>>;
  /** What is said about this rollout. */
  script(rolloutId: string, script: Script): Promise<void>;
  /** Every call about this rollout so far, in order. */
  calls(rolloutId: string): Promise<readonly Call[]>;
}

/**
 * Functions that keep what they are called with, and say what a test's script says, in place of the folders' own. Scripts and
 * calls are files in `folder`, for functions are processes of their own. They run as `role`, which needs no rights.
 */
export async function standInFunctions(
  client: LambdaClient,
  role: string,
  folder: string,
  folders: readonly string[],
): Promise<StandIns> {
  const made = await Promise.all(
    folders.map(async (name): Promise<[string, string]> => {
      const { FunctionArn = '' } = await client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: 'nodejs24.x',
          Role: role,
          Handler: 'index.handler',
          Timeout: 30,
          Code: { ZipFile: zipOf('index.mjs', CODE) },
          Environment: { Variables: { FOLDER: folder, NAME: name } },
        }),
      );
      return [`${pascal(name)}Arn`, FunctionArn];
    }),
  );
  const callsOf = (id: string) => join(folder, `${id}.calls`);
  return {
    arns: Object.fromEntries(made),
    async script(id, script) {
      await writeFile(join(folder, `${id}.json`), JSON.stringify(script));
      await appendFile(callsOf(id), '');
    },
    async calls(id) {
      const text = await readFile(callsOf(id), 'utf8');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
  };
}

const pascal = (name: string) => name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const CODE = `
import { appendFileSync, readFileSync } from 'node:fs';
const { FOLDER, NAME } = process.env;
export const handler = async (event) => {
  const to = event.operation ?? NAME;
  const file = FOLDER + '/' + event.rolloutId;
  const before = readFileSync(file + '.calls', 'utf8').split('\\n').filter((line) => line !== '' && JSON.parse(line).to === to);
  appendFileSync(file + '.calls', JSON.stringify({ to, by: NAME, event }) + '\\n');
  const answers = JSON.parse(readFileSync(file + '.json', 'utf8'))[to] ?? [{}];
  const answer = answers[Math.min(before.length, answers.length - 1)];
  console.log(to);
  if (answer.throws) throw new Error(answer.throws);
  return answer;
};
`;
