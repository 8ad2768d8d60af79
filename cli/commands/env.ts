import { dirname } from 'node:path';
import type { Command } from '../command.ts';
import { Failed, WrongInvocation } from '../failure.ts';
import { given, text } from '../flags.ts';
import { pathExport, shellExport } from '../shell-export.ts';

export const env: Command = {
  name: 'env',
  summary: "Print the running local stack's endpoint, credentials, chart registry, KUBECONFIG and tools",
  usage: '[--shell|--json] [--folder FOLDER]',
  flags: {
    shell: { type: 'boolean', says: 'as export lines for eval, helm and kubectl at the end of PATH' },
    folder: { type: 'string', value: 'FOLDER', says: "the stack's own folder" },
  },
  examples: ['fairlead env', 'eval "$(fairlead env --shell)"', 'fairlead env --json'],
  takes: [0, 0],

  async run({ flags, json }, { stack, terminal }) {
    if (json && given(flags, 'shell')) throw new WrongInvocation('--shell and --json exclude each other: give one');
    const found = await stack.env(text(flags, 'folder'));
    if (found === undefined) throw new Failed("no local stack runs: start one with 'fairlead up --detach'", 5);
    const shell = given(flags, 'shell');
    if (json) terminal.out(JSON.stringify(found, undefined, 2));
    else
      for (const [name, value] of Object.entries(found))
        terminal.out(shell ? shellExport(name, value) : `${name}=${value}`);
    const tools = ['FAIRLEAD_HELM', 'FAIRLEAD_KUBECTL'].flatMap((name) => found[name] ?? []);
    if (shell && tools.length > 0) terminal.out(pathExport(tools.map((tool) => dirname(tool))));
    return 0;
  },
};
