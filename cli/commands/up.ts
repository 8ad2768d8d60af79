import type { Command } from '../command.ts';
import { WrongInvocation } from '../failure.ts';
import { given, text } from '../flags.ts';

export const up: Command = {
  name: 'up',
  summary: 'Start the local stack: AWS, clusters and GitHub on this machine, no account needed',
  usage: '[--detach] [--empty] [--clusters N | --kubeconfig FILE [--context CONTEXT]] [--folder FOLDER]',
  flags: {
    detach: { type: 'boolean', short: 'd', says: 'return when all is ready, and leave it running' },
    empty: { type: 'boolean', says: 'do not register the examples' },
    clusters: { type: 'string', value: 'N', says: 'how many Kubernetes clusters (1–8, default 1)' },
    kubeconfig: {
      type: 'string',
      value: 'FILE',
      says: 'a cluster of your own (kind, EKS, …) in place of local ones; no Kubernetes is built then',
    },
    context: { type: 'string', value: 'CONTEXT', says: 'of that kubeconfig; default: its current one' },
    folder: {
      type: 'string',
      value: 'FOLDER',
      says: "the stack's own folder; default: FAIRLEAD_STATE, then ~/.local/state/fairlead",
    },
  },
  examples: [
    'fairlead up',
    'fairlead up --detach',
    'fairlead up --detach --empty --clusters 2',
    'fairlead up --kubeconfig ~/.kube/config --context kind-kind',
  ],
  takes: [0, 0],

  run({ flags, json }, { stack }) {
    const clusters = text(flags, 'clusters') ?? '1';
    const [kubeconfig, context] = [text(flags, 'kubeconfig'), text(flags, 'context')];
    if (context !== undefined && kubeconfig === undefined) {
      throw new WrongInvocation(`--context '${context}' belongs to --kubeconfig FILE: name the file too`);
    }
    if (kubeconfig !== undefined && text(flags, 'clusters') !== undefined) {
      throw new WrongInvocation(
        '--clusters starts local clusters, --kubeconfig takes one of your own: choose one of them',
      );
    }
    if (!/^[1-8]$/.test(clusters)) throw new WrongInvocation(`--clusters '${clusters}' is no number from 1 to 8`);
    return stack.up({
      detach: given(flags, 'detach'),
      empty: given(flags, 'empty'),
      clusters: Number(clusters),
      kubeconfig: kubeconfig === undefined ? undefined : { file: kubeconfig, context },
      json,
      folder: text(flags, 'folder'),
    });
  },
};
