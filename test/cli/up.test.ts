import { expect, test } from 'vitest';
import type { UpFlags } from '../../cli/ports.ts';
import { testCli } from './support.ts';

async function up(line: string) {
  const asked: UpFlags[] = [];
  const stack = {
    up: async (flags: UpFlags) => {
      asked.push(flags);
      return 0;
    },
    down: async () => ({ outcome: 'nothing', because: 'none' }),
    env: async () => undefined,
  };
  const ran = await (await testCli()).run(`up ${line}`.trim(), { stack });
  return { ...ran, asked: asked[0] };
}

test.each([
  ['', { clusters: 1, kubeconfig: undefined }],
  ['--clusters 3', { clusters: 3, kubeconfig: undefined }],
  ['--kubeconfig kube.yaml', { kubeconfig: { file: 'kube.yaml', context: undefined } }],
  ['--kubeconfig kube.yaml --context kind-kind', { kubeconfig: { file: 'kube.yaml', context: 'kind-kind' } }],
])('up %s asks for what it says', async (line, expected) => {
  const { code, asked } = await up(line);
  expect([code, asked]).toEqual([0, expect.objectContaining(expected)]);
});

test.each([
  ['--clusters 9', "--clusters '9' is no number from 1 to 8"],
  ['--context kind-kind', "--context 'kind-kind' belongs to --kubeconfig FILE"],
  ['--kubeconfig kube.yaml --clusters 2', '--clusters starts local clusters, --kubeconfig takes one of your own'],
])('up %s is refused, and nothing starts', async (line, words) => {
  const { code, err, asked } = await up(line);
  expect([code, err, asked]).toEqual([6, expect.stringContaining(words), undefined]);
});
