import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityOf, type ProcessIdentity } from '../../../local/process/process-identity.ts';
import { claimStack } from '../../../local/stack/claim-stack.ts';
import { down } from '../../../local/stack/down.ts';
import { findStack, judgeState } from '../../../local/stack/find-stack.ts';
import { readState, removeState, type StackState, stateFile, writeState } from '../../../local/stack/stack-state.ts';
import { runningStack } from './running-stack-builder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function me(): Promise<ProcessIdentity> {
  const identity = await identityOf(process.pid);
  if (identity === undefined) throw new Error('this process does not find itself');
  return identity;
}

/** Our pid, as a process had it that is long gone. */
const predecessor = async (): Promise<ProcessIdentity> => ({ ...(await me()), startedAt: 'another boot/1' });

const starting = (keeper: ProcessIdentity): StackState => ({
  v: 1,
  id: 'one',
  keeper,
  startedAt: '2026-11-21T10:00:00.000Z',
  phase: 'starting',
});
const ready = (keeper: ProcessIdentity, children: ProcessIdentity[] = []): StackState => ({
  ...starting(keeper),
  phase: 'ready',
  stack: runningStack(),
  children,
});

describe('the note of a running stack', () => {
  test('is found again as it was written', async () => {
    const state = ready(await me());
    await writeState(folder, state);
    expect(await findStack(folder)).toEqual({ found: 'ready', state });
  });

  test('is readable by its owner only, since it holds a key', async () => {
    await writeState(folder, ready(await me()));
    expect((await stat(stateFile(folder))).mode & 0o777).toBe(0o600);
  });

  test('an empty folder, or none, has no stack', async () => {
    expect(await findStack(folder)).toEqual({ found: 'none' });
    expect(await findStack(join(folder, 'absent'))).toEqual({ found: 'none' });
  });

  test.each([
    ['half a file', '{"v":1,"id"'],
    ['another version', '{"v":99}'],
    ['something else', '[]'],
  ])('%s counts as none', async (_, text) => {
    await writeFile(stateFile(folder), text);
    expect(await findStack(folder)).toEqual({ found: 'none' });
  });

  test('is removed only by the stack that it tells of', async () => {
    await writeState(folder, starting(await me()));
    await removeState(folder, 'two');
    expect(await readState(folder)).toBeDefined();
    await removeState(folder, 'one');
    expect(await readState(folder)).toBeUndefined();
  });
});

describe('a keeper that is gone', () => {
  test('makes a stack stale, even when its pid is somebody else by now', async () => {
    await writeState(folder, ready(await predecessor()));
    expect(await findStack(folder)).toMatchObject({
      found: 'stale',
      because: expect.stringContaining(String(process.pid)),
    });
  });

  test.each(['starting', 'ready'] as const)('while %s, is judged by its life alone', (phase) => {
    const keeper = { pid: 4, startedAt: 'x' };
    const state = phase === 'ready' ? ready(keeper) : starting(keeper);
    expect(judgeState(state, true).found).toBe(phase);
    expect(judgeState(state, false).found).toBe('stale');
  });

  test('leaves nothing that keeps another from claiming its folder', async () => {
    await writeState(folder, ready(await predecessor()));
    expect(await claimStack(folder)).toMatchObject({ claimed: true, state: { phase: 'starting', keeper: await me() } });
  });

  test('is cleared away by down, which ends nobody who merely has a pid of its children', async () => {
    // We are that child's namesake: if down went by pid alone, this test would not live to say so.
    await writeState(folder, ready(await predecessor(), [await predecessor()]));
    expect(await down(folder)).toMatchObject({ outcome: 'cleared' });
    expect(await findStack(folder)).toEqual({ found: 'none' });
  });
});

describe('claiming a folder', () => {
  test('of several at once, one gets it and the others are told who has it', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => claimStack(folder)));
    expect(claims.filter(({ claimed }) => claimed)).toHaveLength(1);
    expect(claims.find(({ claimed }) => !claimed)).toMatchObject({
      found: 'starting',
      because: expect.stringContaining(`process ${process.pid} keeps a stack`),
    });
  });

  test('a folder with a living stack is not to be had', async () => {
    await writeState(folder, ready(await me()));
    expect(await claimStack(folder)).toMatchObject({ claimed: false, found: 'ready' });
    expect(await findStack(folder)).toMatchObject({ found: 'ready' });
  });
});

test('down on a folder without a stack says so', async () => {
  expect(await down(folder)).toEqual({ outcome: 'nothing', because: `no stack runs in ${folder}` });
});
