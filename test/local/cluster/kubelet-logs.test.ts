import { expect, test } from 'vitest';
import { logAnswer } from '../../../local/cluster/kubelet-log-answer.ts';
import { after, aPod } from './pods.ts';

const ask = (over: Parameters<typeof aPod>[0], query: Record<string, string> = {}, ms = 1_000) =>
  logAnswer(aPod(over), 'web', new URLSearchParams(query), after(ms));

test('a crashing app says what killed it, last', () => {
  const { status, text } = ask({ pretend: 'crash-loop-back-off' });
  expect(status).toBe(200);
  expect(text.trimEnd().split('\n').slice(-2)).toEqual([
    'FATAL no database after 3 attempts, giving up',
    'exit status 1',
  ]);
  expect(text).toContain('web-db.shop.svc:5432');
});

test('the tail, the time stamps and the limit are as asked for', () => {
  expect(ask({ pretend: 'crash-loop-back-off' }, { tailLines: '1' }).text).toBe('exit status 1\n');
  expect(ask({}, { tailLines: '0' }).text).toBe('');
  expect(ask({}, { tailLines: '1', timestamps: 'true' }).text).toMatch(/^2026-11-21T10:00:00\.\d{3}Z INFO {2}ready\n$/);
  expect(ask({}, { limitBytes: '4' }).text).toBe('INFO');
  expect(ask({}, { sinceTime: '2026-11-21T10:00:01Z' }).text).toBe('');
  expect(ask({}, { sinceSeconds: '60' }).text).not.toBe('');
});

test.each([
  [
    'an unknown container',
    () => logAnswer(aPod(), 'side', new URLSearchParams(), after(0)),
    400,
    /"side".*not available/,
  ],
  ['an unknown pod', () => logAnswer(undefined, 'web', new URLSearchParams(), after(0)), 404, /does not exist/],
  [
    'an image that cannot be pulled',
    () => ask({ pretend: 'image-pull-back-off' }),
    400,
    /waiting to start: trying and failing to pull image/,
  ],
  ['a previous life that was not', () => ask({}, { previous: 'true' }), 400, /previous terminated.*not found/],
  [
    'a previous life of a first one',
    () => ask({ pretend: 'crash-loop-back-off' }, { previous: 'true' }, 100),
    400,
    /not found/,
  ],
] as const)('the logs of %s are refused in the words of a kubelet', (_what, answer, status, words) => {
  expect(answer()).toMatchObject({ status, goesOn: false, text: expect.stringMatching(words) });
});

test('only what runs can be followed', () => {
  expect(ask({}).goesOn).toBe(true);
  expect(ask({ pretend: 'never-ready' }).goesOn).toBe(true);
  expect(ask({ pretend: 'crash-loop-back-off' }).goesOn).toBe(false);
  expect(ask({ restartPolicy: 'Never', phase: 'Succeeded' }).goesOn).toBe(false);
});
