/** `npm run demo`: a rollout travels the whole way, on this machine. `-- --once` uses a stack of its own and stops everything. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { registerExamples } from '../local/demo/register-examples.ts';
import { type Told, tell } from '../local/demo/story.ts';
import { askWorkflowEnv } from '../local/github/ask-workflow-env.ts';
import { assumeSourceRole } from '../local/github/assume-source-role.ts';
import { WorkflowRun } from '../local/github/workflow-run.ts';
import { cacheFolder } from '../local/install/cache-folder.ts';
import { progressOn } from '../local/progress.ts';
import { keepStack } from '../local/stack/keep-stack.ts';
import type { RunningStack } from '../local/stack/stack-state.ts';
import { commandLineOn } from './command-line-on.ts';
import { asOperator, onStack, runningStack } from './destination.ts';
import { localStackCommands } from './local-stack.ts';
import type { World } from './ports.ts';
import { ROOT } from './root.ts';
import { terminalOf } from './terminal.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const world: World = {
  terminal: terminalOf(process),
  env: process.env,
  interrupted: interrupt.signal,
  readFile: (path) => readFile(path, 'utf8'),
  newKey: () => `demo-${ulid()}`,
  now: () => new Date(),
};
const say = world.terminal.out;

/** The stack's command line as a workflow of `repository` on its main branch. */
async function workflowOf(stack: RunningStack, repository: string) {
  const env = await askWorkflowEnv(stack.github, WorkflowRun.parse({ repository }));
  const name = repository.split('/')[1] ?? '';
  const roleArn = stack.outputs[`SourceRoleArn${name.charAt(0).toUpperCase()}${name.slice(1)}`];
  if (roleArn === undefined) throw new Error(`the stack has no source role for ${repository}`);
  const credentials = await assumeSourceRole({ endpoint: stack.endpoint, region: stack.region, roleArn, env });
  const chosen = onStack(stack, `as ${repository}`, async () => credentials);
  return commandLineOn(world, stack, chosen, world.terminal);
}

async function show(stack: RunningStack): Promise<Told> {
  const operator = commandLineOn(world, stack, asOperator(stack));
  const stages = join('examples', 'stages.yaml');
  return await tell({
    say,
    operator,
    stages,
    interrupted: interrupt.signal,
    workflow: (repository) => workflowOf(stack, repository),
  });
}

async function once(): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-demo-'));
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
  const progress = progressOn(process.stderr);
  const options = {
    folder,
    root: ROOT,
    env,
    cache: cacheFolder(process.env),
    config: join(ROOT, 'examples/fairlead.yaml'),
  };
  const kept = await keepStack(options, progress, interrupt.signal);
  if (!kept.kept) throw new Error(kept.because);
  try {
    const run = commandLineOn(world, kept.stack, asOperator(kept.stack));
    await registerExamples({ root: ROOT, stack: kept.stack, progress, run });
    return await show(kept.stack);
  } finally {
    await kept.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function onRunningStack(): Promise<Told> {
  const found = await runningStack(process.env);
  if (found === undefined) {
    const code = await localStackCommands(world).up({ detach: true, empty: false, clusters: 1, json: false });
    if (code !== 0) throw new Error('the local stack did not start');
  } else {
    const run = commandLineOn(world, found, asOperator(found));
    await registerExamples({ root: ROOT, stack: found, progress: progressOn(process.stderr), run });
  }
  const stack = found ?? (await runningStack(process.env));
  if (stack === undefined) throw new Error('the local stack is gone');
  const told = await show(stack);
  for (const line of NEXT) say(line);
  return told;
}

const NEXT = [
  '',
  'The stack runs on. Try next:',
  '  npx fairlead status                                what runs where',
  '  npx fairlead events webui                          the history of the last rollout',
  '  npx fairlead rollout webui --version 1.1.0         another one (by the installation’s promotion order)',
  '  eval "$(npx fairlead env --shell)"                 then helm, kubectl and aws work on it',
  '  npx fairlead down                                  stop everything',
  '',
];

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const began = performance.now();
try {
  const { succeeded, rolledBack, wrong } = await (values.once ? once() : onRunningStack());
  for (const line of wrong) world.terminal.err(`demo: ${line}`);
  const planned = wrong.length === 0 ? ' as planned' : '';
  say(
    `demo: ${succeeded} deployments succeeded, ${rolledBack} rolled back${planned}, in ${Math.round((performance.now() - began) / 1000)} s`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
} catch (error: unknown) {
  const { aborted } = interrupt.signal;
  const because = error instanceof Error ? error.message : String(error);
  world.terminal.err(aborted ? 'demo: interrupted' : `demo: ${because}`);
  process.exitCode = aborted ? 130 : 2;
}
