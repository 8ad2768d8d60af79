/** The command line on a given local stack, as somebody given: how the demo and `up` do what a user would. */
import { delimiter } from 'node:path';
import type { DestinationFlags, LocalStack, Terminal } from '../cli/ports.ts';
import { run } from '../cli/run.ts';
import type { CommandLine } from '../local/demo/command-line.ts';
import type { RunningStack } from '../local/stack/stack-state.ts';
import { asRole, type Chosen } from './destination.ts';
import { portsOf, type World } from './ports.ts';

/** Runs commands on `stack` with `chosen`'s credentials. What a command prints on stdout is answered; stderr goes to `watch`, if any. */
export function commandLineOn(world: World, stack: RunningStack, chosen: Chosen, watch?: Terminal): CommandLine {
  return async (argv) => {
    const out: string[] = [];
    const err: string[] = [];
    const terminal: Terminal = {
      ...(watch ?? silent),
      out: (line) => void out.push(line),
      err: (line) => {
        err.push(line);
        watch?.err(line);
      },
    };
    const env = {
      ...world.env,
      FAIRLEAD_HELM: stack.tools.helm,
      FAIRLEAD_KUBECTL: stack.tools.kubectl,
      KUBECONFIG: stack.clusters.map(({ kubeconfig }) => kubeconfig).join(delimiter),
    };
    const choose = async ({ as }: DestinationFlags) => (as === undefined ? chosen : asRole(stack, as));
    const code = await run(argv, portsOf({ ...world, env, terminal, choose }, NO_STACK));
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
}

const silent: Terminal = {
  out: () => undefined,
  err: () => undefined,
  live: false,
  colour: false,
  columns: 120,
  draw: () => undefined,
  done: () => undefined,
};

/** A stack does not start stacks. */
const NO_STACK: LocalStack = {
  up: async () => 6,
  down: async () => ({ outcome: 'nothing', because: 'this command line belongs to a running stack' }),
  env: async () => undefined,
};
