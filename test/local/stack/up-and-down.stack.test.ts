import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../../local/install/cache-folder.ts';
import { isAlive } from '../../../local/process/process-identity.ts';
import { waitUntil } from '../../../local/process/wait-until.ts';
import { silentProgress } from '../../../local/progress.ts';
import { down } from '../../../local/stack/down.ts';
import { findStack } from '../../../local/stack/find-stack.ts';
import type { StackOptions } from '../../../local/stack/stack-options.ts';
import { readState } from '../../../local/stack/stack-state.ts';
import { type UpOptions, up } from '../../../local/stack/up.ts';

const root = join(import.meta.dirname, '../../..');

/** A copy of `test/fixtures/small-app`: the life of a stack is the same with any app, and this one is deployed in a second. */
let small: string;
beforeAll(async () => {
  small = await mkdtemp(join(tmpdir(), 'fairlead-small-'));
  await cp(join(root, 'test/fixtures/small-app'), small, { recursive: true });
  await symlink(join(root, 'node_modules'), join(small, 'node_modules'));
});
afterAll(() => rm(small, { recursive: true, force: true }));

let folder: string;
let stack: StackOptions;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-up-'));
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  stack = { folder, root: small, env, cache: cacheFolder(process.env), config: join(root, 'examples/fairlead.yaml') };
});
afterEach(async () => {
  await down(folder);
  await rm(folder, { recursive: true, force: true });
});

const start = (changes: Partial<UpOptions> = {}) =>
  up({ stack, progress: silentProgress, detach: true, signal: new AbortController().signal, ...changes });

/** Everything that the stack consists of: its keeper and all of its children. */
async function processes(): Promise<{ pid: number; startedAt: string }[]> {
  const state = await readState(folder);
  if (state?.phase !== 'ready') throw new Error('no stack is ready');
  return [state.keeper, ...state.children];
}
const allGone = (all: { pid: number; startedAt: string }[]) => async () =>
  (await Promise.all(all.map(isAlive))).some((alive) => alive) ? undefined : true;

async function namingFolder(path: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(path));
}

/** Kills the MiniStack among the children of this test's stack. */
async function killMiniStack(endpoint: string): Promise<void> {
  const state = await readState(folder);
  if (state?.phase !== 'ready' || state.stack.endpoint !== endpoint) throw new Error('no stack is ready');
  for (const { pid } of state.children) {
    // ps fails for what is gone already: the stack ends as soon as MiniStack does.
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }));
    if (/bin\/ministack\s*$/.test(stdout)) process.kill(pid, 'SIGKILL');
  }
}

describe('a detached stack', () => {
  test('lives on when up has returned, is found by others, keeps a second one out, and is gone after down', async () => {
    const first = await start();
    expect(first).toMatchObject({ outcome: 'detached' });
    expect(await findStack(folder)).toMatchObject({ found: 'ready' });
    const health = await fetch(`${first.outcome === 'detached' ? first.stack.endpoint : ''}/_ministack/health`);
    expect(health.status).toBe(200);

    expect(await start()).toMatchObject({ outcome: 'taken', stack: { folder } });

    const all = await processes();
    // Keeper, guard, MiniStack, and etcd, API server, controllers and authenticator of its one cluster.
    expect(all.length).toBeGreaterThanOrEqual(7);
    expect(await down(folder)).toMatchObject({ outcome: 'stopped' });
    expect(await allGone(all)()).toBe(true);
    expect(await findStack(folder)).toEqual({ found: 'none' });
  });

  test('leaves no process behind when its keeper is killed, and does not stand in the way of the next', async () => {
    await start();
    const all = await processes();
    process.kill((await readState(folder))?.keeper.pid ?? 0, 'SIGKILL');
    await waitUntil(allGone(all), { what: 'the guard to end all children', deadlineMs: 20_000 });
    expect(await findStack(folder)).toMatchObject({ found: 'stale' });
    expect(await start()).toMatchObject({ outcome: 'detached' });
  });
});

describe('a stack in the foreground', () => {
  test('ends with Ctrl-C, all of it', async () => {
    const ctrlC = new AbortController();
    let all: { pid: number; startedAt: string }[] = [];
    const afterReady = async () => {
      all = await processes();
    };
    const outcome = await start({ detach: false, signal: ctrlC.signal, afterReady, onReady: () => ctrlC.abort() });
    expect(outcome).toEqual({ outcome: 'stopped' });
    expect(all.length).toBeGreaterThan(0);
    // The guard, which ends the others, ends last.
    await waitUntil(allGone(all), { what: 'the guard to end', deadlineMs: 10_000 });
    expect(await findStack(folder)).toEqual({ found: 'none' });
  });

  test.each(['AWS (MiniStack)', 'The CDK app'])(
    'that is interrupted at the step "%s" leaves nothing',
    async (title) => {
      const ctrlC = new AbortController();
      const progress = {
        step: (begun: string) => {
          if (begun === title) ctrlC.abort();
          return silentProgress.step(begun);
        },
      };
      expect(await start({ detach: false, signal: ctrlC.signal, progress })).toEqual({ outcome: 'stopped' });
      expect(await findStack(folder)).toEqual({ found: 'none' });
      // The programs of a cluster, and the CDK's, have the stack's folder on their command lines.
      expect(await namingFolder(folder)).toEqual([]);
    },
  );

  test('ends, naming what died, when one of its programs dies', async () => {
    const onReady = ({ endpoint }: { endpoint: string }) => void killMiniStack(endpoint);
    await expect(start({ detach: false, onReady })).rejects.toThrow('MiniStack ended by itself');
    expect(await findStack(folder)).toEqual({ found: 'none' });
    expect(await namingFolder(folder)).toEqual([]);
  });

  test('is stopped when what comes after it fails', async () => {
    const afterReady = async () => {
      throw new Error('the examples could not be registered');
    };
    await expect(start({ afterReady })).rejects.toThrow('the examples could not be registered');
    expect(await findStack(folder)).toEqual({ found: 'none' });
  });

  test('that cannot start says why and leaves nothing', async () => {
    stack = { ...stack, config: join(folder, 'absent.yaml') };
    // What could not be done is no mistake of the command line's own: exit code 2, not 7.
    await expect(start()).rejects.toMatchObject({ name: 'NotDone', message: expect.stringContaining('absent.yaml') });
    expect(await findStack(folder)).toEqual({ found: 'none' });
    expect(await readdir(folder)).not.toContain('stack.json');
  });
});
