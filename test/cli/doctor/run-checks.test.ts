import { describe, expect, test } from 'vitest';
import { type Check, type CheckRun, runChecks } from '../../../cli/doctor/run-checks.ts';
import type { Finding } from '../../../domain/doctor/finding.ts';

const ok = (check: string): Finding => ({ area: 'package', check, state: 'ok', says: 'well' });
const check = (name: string, run: Check['run']): Check => ({ area: 'package', of: 'webui', check: name, run });
const running = (more: Partial<CheckRun> = {}): CheckRun => ({
  atOnce: 2,
  timeoutMilliseconds: 30_000,
  progress: () => undefined,
  interrupted: new AbortController().signal,
  ...more,
});

describe('checks', () => {
  test('are told in their own order, whoever is done first, and a few run at once', async () => {
    let [now, most] = [0, 0];
    const slow = (name: string, turns: number) =>
      check(name, async () => {
        most = Math.max(most, ++now);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        now--;
        return [ok(name)];
      });
    const progress: string[] = [];
    const found = await runChecks(
      ['a', 'b', 'c', 'd', 'e'].map((name, i) => slow(name, 20 - 4 * i)),
      running({ progress: (done, all, what) => progress.push(`${done}/${all} ${what}`) }),
    );
    expect(found.map(({ check: name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(most).toBe(2);
    expect(progress.at(-1)).toBe('5/5 package webui');
  });

  test('that break or hang become lines of their own, and the others are told', async () => {
    const found = await runChecks(
      [
        check('hangs', async () => await new Promise(() => {})),
        check('breaks', async () => {
          throw new Error('boom');
        }),
        check('well', async () => [ok('well')]),
      ],
      running({ timeoutMilliseconds: 20 }),
    );
    expect(found.map(({ check: name, state, says }) => [name, state, says])).toEqual([
      ['hangs', 'fail', 'no answer within 0.02 s'],
      ['breaks', 'fail', 'boom'],
      ['well', 'ok', 'well'],
    ]);
  });

  test('end at Ctrl-C', async () => {
    const interrupt = new AbortController();
    const hanging = check('hangs', async () => {
      interrupt.abort();
      return await new Promise(() => {});
    });
    await expect(runChecks([hanging], running({ interrupted: interrupt.signal }))).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
