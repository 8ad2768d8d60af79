import { expect, test } from 'vitest';
import { tell } from '../../../local/demo/story.ts';

const ENDED = JSON.stringify({ state: 'succeeded', deployments: [{ environment: 'dev', state: 'succeeded' }] });

test('an interrupted story begins no further rollout', async () => {
  const ctrlC = new AbortController();
  const asked: string[] = [];
  const run = async (argv: readonly string[]) => {
    asked.push(argv.slice(0, 2).join(' '));
    ctrlC.abort();
    return { code: 130, out: ENDED, err: '' };
  };
  const stage = { say: () => undefined, workflow: async () => run, operator: run, stages: 'stages.yaml' };
  await expect(tell({ ...stage, interrupted: ctrlC.signal })).rejects.toThrow('aborted');
  expect(asked).toEqual(['rollout webui']);
});

test('what did not go as it should is said, step by step', async () => {
  const run = async (argv: readonly string[]) => ({ code: 0, out: argv[0] === 'rollout' ? ENDED : '', err: '' });
  const stage = { say: () => undefined, workflow: async () => run, operator: run, stages: 'stages.yaml' };
  const { succeeded, wrong } = await tell({ ...stage, interrupted: new AbortController().signal });
  expect(succeeded).toBe(4);
  expect(wrong).toContain('webui 1.0.0 in staging is undefined, not succeeded');
  expect(wrong).toContain('webui 1.2.0 ended with exit code 0, not 1');
});
