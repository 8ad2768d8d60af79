/** The bundled Action, run as GitHub's runner runs it: a process with inputs in its variables, and files for what it has to say. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { askWorkflowEnv } from '../../local/github/ask-workflow-env.ts';
import type { WorkflowRun } from '../../local/github/workflow-run.ts';
import type { RunningStack } from '../../local/stack/stack-state.ts';

const BUNDLE = join(import.meta.dirname, '../../action/dist/index.js');

export interface Step {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Its log without the lines that mask. */
  readonly log: string;
  /** What it asked the runner to mask. */
  readonly masked: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface RunningStep {
  /** As the runner does when somebody cancels the job. */
  cancel(): void;
  readonly over: Promise<Step>;
}

/** Starts a step `uses: …/action` in a job of `run`. `files` are those of its workspace. */
export async function startStep(
  stack: RunningStack,
  run: WorkflowRun,
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<RunningStep> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-step-'));
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  await Promise.all(
    Object.entries({ output: '', summary: '', ...files }).map(([name, content]) =>
      writeFile(join(folder, name), content),
    ),
  );
  const child = spawn(process.execPath, [BUNDLE], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      ...(await askWorkflowEnv(stack.github, run)),
      GITHUB_JOB: 'roll-out',
      GITHUB_ACTION: 'fairlead',
      GITHUB_WORKSPACE: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ENV: join(folder, 'env'),
      // STS of the local AWS; on GitHub there is no such variable.
      AWS_ENDPOINT_URL: stack.endpoint,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 180_000,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const over = Promise.all([ended, text(child.stdout), text(child.stderr)]).then(async ([code, out, err]) => {
    const step = {
      code,
      ...logOf(`${out}${err}`),
      outputs: outputsIn(await readFile(output, 'utf8')),
      summary: await readFile(summary, 'utf8'),
    };
    await rm(folder, { recursive: true, force: true });
    return step;
  });
  return { cancel: () => void child.kill('SIGINT'), over };
}

/** The step from its start to its end. */
export async function runStep(...given: Parameters<typeof startStep>): Promise<Step> {
  return await (await startStep(...given)).over;
}

const MASK = '::add-mask::';

function logOf(said: string): Pick<Step, 'log' | 'masked'> {
  const lines = said.split('\n');
  return {
    log: lines.filter((line) => !line.startsWith(MASK)).join('\n'),
    masked: lines.flatMap((line) => (line.startsWith(MASK) ? [line.slice(MASK.length)] : [])),
  };
}

/** `name<<delimiter`, the value, `delimiter`: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
function outputsIn(content: string): Record<string, string> {
  const found = content.matchAll(/^(?<name>[\w-]+)<<(?<delimiter>\S+)\n(?<value>[\s\S]*?)\n\k<delimiter>$/gm);
  return Object.fromEntries([...found].map(({ groups }) => [groups?.['name'] ?? '', groups?.['value'] ?? '']));
}
