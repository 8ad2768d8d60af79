import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEvent } from '../../../local/aws/cloudwatch-logs.ts';
import { followFunctionLogs } from '../../../local/aws/follow-function-logs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-function-logs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const T0 = Date.parse('2026-11-21T10:00:00.000Z');

/** CloudWatch Logs with these events, which can fail. */
function logsWith(groups: Record<string, LogEvent[]>) {
  const state = { groups, broken: false, asked: 0 };
  return {
    state,
    groups: async (prefix: string) => {
      state.asked += 1;
      if (state.broken) throw new Error('no answer');
      return Object.keys(state.groups).filter((group) => group.startsWith(prefix));
    },
    events: async (group: string, fromMs: number, untilMs: number) =>
      (state.groups[group] ?? []).filter(({ timestamp }) => timestamp >= fromMs && timestamp < untilMs),
  };
}
const event = (ms: number, message: string): LogEvent => ({ timestamp: T0 + ms, message });
const asked = async (logs: ReturnType<typeof logsWith>, times: number) => {
  while (logs.state.asked < times) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('every line of every function is in its file exactly once, however often it was looked', async () => {
  const answer = [event(0, 'one'), event(10, 'two\n')];
  const deploy = [event(5, 'helm')];
  const logs = logsWith({
    '/aws/lambda/answer': answer,
    '/aws/cloudformation/fairlead/deploy': deploy,
    '/other': deploy,
  });
  let now = T0 + 2_000;
  const followed = await followFunctionLogs({ endpoint: '', folder, everyMs: 1, logs, now: () => now });
  await asked(logs, 3);
  now += 5_000;
  answer.push(event(4_000, 'three'));
  await asked(logs, logs.state.asked + 2);
  answer.push(event(6_999, 'last'));
  await followed.stop();
  expect((await readdir(folder)).sort()).toEqual(['answer.log', 'deploy.log']);
  expect(await readFile(join(folder, 'answer.log'), 'utf8')).toBe(
    [
      '2026-11-21T10:00:00.000Z one',
      '2026-11-21T10:00:00.010Z two',
      '2026-11-21T10:00:04.000Z three',
      '2026-11-21T10:00:06.999Z last\n',
    ].join('\n'),
  );
});

test('an answer that fails loses nothing and stops nothing', async () => {
  const logs = logsWith({ '/aws/lambda/answer': [event(0, 'one')] });
  logs.state.broken = true;
  const followed = await followFunctionLogs({ endpoint: '', folder, everyMs: 1, logs, now: () => T0 + 2_000 });
  await asked(logs, 3);
  logs.state.broken = false;
  await followed.stop();
  expect(await readFile(join(folder, 'answer.log'), 'utf8')).toContain('one');
});
