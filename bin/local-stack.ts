/** `fairlead up`, `down` and `env` on the local stack. */
import { join, resolve } from 'node:path';
import type { LocalStack, Ports, UpFlags } from '../cli/ports.ts';
import { registerExamples } from '../local/demo/register-examples.ts';
import { cacheFolder } from '../local/install/cache-folder.ts';
import { progressOn } from '../local/progress.ts';
import { down } from '../local/stack/down.ts';
import { stackEnvironment } from '../local/stack/stack-environment.ts';
import type { RunningStack } from '../local/stack/stack-state.ts';
import { stateFolder } from '../local/stack/state-folder.ts';
import { type UpOutcome, up } from '../local/stack/up.ts';
import { commandLineOn } from './command-line-on.ts';
import { asOperator, runningStack } from './destination.ts';
import type { World } from './ports.ts';
import { ROOT } from './root.ts';

const EXIT_ERROR = 2;
const EXIT_UNAVAILABLE = 5;

/** The local stack's commands. */
export function localStackCommands(world: World): LocalStack {
  const { env } = world;
  return {
    up: (flags) => start(world, flags),
    down: (folder) => down(stateFolder(env, folder)),
    env: async (folder) => {
      const stack = await runningStack(env, folder);
      return stack === undefined ? undefined : await stackEnvironment(stack, env['USER'] ?? 'operator');
    },
  };
}

async function start(world: World, { detach, empty, clusters, kubeconfig, json, folder }: UpFlags): Promise<number> {
  const { env, terminal, interrupted } = world;
  const definedEnv = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const progress = progressOn(process.stderr);
  const outcome = await up({
    stack: {
      folder: stateFolder(env, folder),
      cache: cacheFolder(env),
      root: ROOT,
      config: join(ROOT, 'examples', 'fairlead.yaml'),
      clusters,
      kubeconfig: kubeconfig && { ...kubeconfig, file: resolve(kubeconfig.file) },
      env: definedEnv,
    },
    progress,
    detach,
    signal: interrupted,
    afterReady: async (stack) => {
      if (!empty)
        await registerExamples({
          root: ROOT,
          stack,
          progress,
          run: commandLineOn(world, stack, asOperator(stack)),
          // What is installed in somebody's own cluster is for them to say.
          grants: stack.own === undefined,
        });
    },
    onReady: (stack) => {
      for (const line of json ? [asJson(stack)] : welcome(stack, detach, empty)) terminal.out(line);
    },
  });
  return exitOf(outcome, terminal, { json, kubeconfig });
}

function exitOf(
  outcome: UpOutcome,
  terminal: Ports['terminal'],
  { json, kubeconfig }: Pick<UpFlags, 'json' | 'kubeconfig'>,
): number {
  if (outcome.outcome !== 'taken') return 0;
  terminal.err(`a stack runs already: ${outcome.because}`);
  if (outcome.stack === undefined) return EXIT_UNAVAILABLE;
  const { own } = outcome.stack;
  if (kubeconfig !== undefined && (own === undefined || (kubeconfig.context ?? own.context) !== own.context)) {
    terminal.err(
      "error: it is not on the cluster that --kubeconfig names: stop it ('fairlead down'), or start another beside it (--folder)",
    );
    return EXIT_ERROR;
  }
  terminal.out(json ? asJson(outcome.stack) : `API ${outcome.stack.api}`);
  return 0;
}

/** Where the parts of the stack are; `fairlead env` has the credentials. */
function asJson({ api, endpoint, region, clusters, folder, logs }: RunningStack): string {
  const names = clusters.map(({ name }) => name);
  return JSON.stringify({ api, endpoint, region, clusters: names, folder, logs }, undefined, 2);
}

function welcome(stack: RunningStack, detach: boolean, empty: boolean): string[] {
  return [
    `API            ${stack.api}`,
    `AWS            ${stack.endpoint}`,
    `clusters       ${stack.own === undefined ? stack.clusters.map(({ name }) => name).join(', ') : `yours, of context ${stack.own.context}`}`,
    `logs           ${stack.logs}`,
    '',
    ...(empty
      ? []
      : [
          'see what there is:      npx fairlead package list; npx fairlead environment list',
          ...(stack.own === undefined
            ? []
            : [
                'let the deployer in:    npx fairlead cluster grant --environment dev --namespace web   (for each environment)',
              ]),
          'roll something out:     npx fairlead rollout webui --version 1.0.0',
        ]),
    'AWS CLI, helm, kubectl: eval "$(npx fairlead env --shell)"',
    detach ? 'stop it:                npx fairlead down' : 'stop it:                Ctrl-C',
  ];
}
