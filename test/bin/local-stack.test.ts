import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localStackCommands } from '../../bin/local-stack.ts';
import { identityOf } from '../../local/process/process-identity.ts';
import { writeState } from '../../local/stack/stack-state.ts';
import { runningStack } from '../local/stack/running-stack-builder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-local-stack-'));
  const keeper = await identityOf(process.pid);
  if (keeper === undefined) throw new Error('this process has no identity');
  const base = { v: 1, id: 'test', keeper, startedAt: new Date().toISOString() } as const;
  await writeState(join(folder, 'local'), { ...base, phase: 'ready', children: [], stack: runningStack() });
  await writeState(join(folder, 'own'), {
    ...base,
    phase: 'ready',
    children: [],
    stack: runningStack({ own: { context: 'kind-kind' } }),
  });
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** `fairlead up` where a stack runs already. */
async function up(running: 'local' | 'own', kubeconfig?: { file: string; context: string | undefined }) {
  const err: string[] = [];
  const terminal = {
    ...{ out() {}, err: (line: string) => void err.push(line) },
    ...{ live: false, colour: false, columns: 80, draw() {}, done() {} },
  };
  const world = {
    ...{ terminal, env: { PATH: process.env['PATH'], HOME: folder }, interrupted: new AbortController().signal },
    ...{ readFile: async () => '', newKey: () => 'k', now: () => new Date() },
  };
  const flags = { detach: true, empty: true, clusters: 1, json: false, folder: join(folder, running), kubeconfig };
  return { code: await localStackCommands(world).up(flags), err: err.join('\n') };
}

describe('up, where a stack runs already', () => {
  it.each([
    ['local', undefined],
    ['own', undefined],
    ['own', { file: 'k', context: undefined }],
    ['own', { file: 'k', context: 'kind-kind' }],
  ] as const)('%s is content with it when %j is asked for', async (running, kubeconfig) => {
    const { code, err } = await up(running, kubeconfig);
    expect([code, err]).toEqual([0, expect.stringContaining('a stack runs already')]);
  });

  it.each([
    ['local', { file: 'k', context: undefined }],
    ['own', { file: 'k', context: 'kind-other' }],
  ] as const)('%s is not taken for the cluster of %j', async (running, kubeconfig) => {
    const { code, err } = await up(running, kubeconfig);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/not on the cluster that --kubeconfig names.*fairlead down/),
    ]);
  });
});
