import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../contracts/outcome-table.ts';

const MAIN = join(import.meta.dirname, '../../bin/fairlead.js');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairlead-bin-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The command line as a process of its own, on a machine where no stack runs and no AWS credentials are set. */
async function fairlead(args: readonly string[], more: { env?: Record<string, string>; input?: string } = {}) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    FAIRLEAD_STATE: join(folder, 'no-stack'),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more.env,
  };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: 'pipe' });
  child.stdin.end(more.input ?? '');
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { out, err, code };
}

describe('bin/fairlead.js', () => {
  it('says what there is, and nothing else', async () => {
    const { out, err, code } = await fairlead(['--help']);
    expect([code, err]).toEqual([EXIT.success, '']);
    expect(out).toMatch(/^ {2}rollout +Roll a version of a package out/m);
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['nonsense', ['nonsense'], EXIT['wrong invocation'], /there is no command 'nonsense'/],
    ['a wrong flag', ['status', '--colour'], EXIT['wrong invocation'], /unknown option '--colour'/],
    ['no stack and no destination', ['status'], EXIT['wrong invocation'], /nothing says where Fairlead is/],
    ['env without a stack', ['env'], EXIT.unavailable, /no local stack runs: start one with 'fairlead up --detach'/],
  ])('ends %s with its exit code, on stderr, without a stack trace', async (_what, args, exit, words) => {
    const { out, err, code } = await fairlead(args);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('ends down without a stack well: there is nothing to stop', async () => {
    const { out, code } = await fairlead(['down', '--json']);
    expect([code, JSON.parse(out)]).toEqual([0, { outcome: 'nothing', because: expect.stringContaining('no stack') }]);
  });

  it('says that it has nobody to sign as', async () => {
    const args = ['package', 'list', '--endpoint', 'https://fairlead.example/v1', '--region', 'eu-north-1'];
    const { err, code } = await fairlead(args);
    expect(code).toBe(EXIT['wrong invocation']);
    expect(err).toMatch(/^fairlead: https:\/\/fairlead.example\/v1 \(--endpoint\)$/m);
    expect(err).toMatch(/^error: no AWS credentials to sign with/m);
  });

  it('sends no session over plain HTTP to another machine', async () => {
    const { err, code } = await fairlead(['package', 'list', '--endpoint', 'http://fairlead.example/v1']);
    expect([code, err]).toEqual([6, expect.stringMatching(/--endpoint 'http:\/\/fairlead.example\/v1' is not https/)]);
  });

  it('says that an API does not answer', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'not-a-secret' };
    // Port 9 is discard's: nobody listens there, and nobody may without being root.
    const args = ['package', 'list', '--endpoint', 'http://127.0.0.1:9/v1', '--region', 'eu-north-1'];
    const { err, code } = await fairlead(args, { env });
    expect([code, err]).toEqual([EXIT.unavailable, expect.stringMatching(/127.0.0.1:9\/v1 does not answer/)]);
    expect(err).not.toContain('not-a-secret');
  }, 60_000);

  it("reads '-' from standard input", async () => {
    const { err, code } = await fairlead(['environment', 'put', 'dev', '-f', '-'], {
      input: 'cluster: {}\nlables: {}\n',
    });
    expect(code).toBe(EXIT['wrong invocation']);
    expect(err).toContain('-:2: lables: there is no such field');
  });

  it('does not mind a reader that goes away', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    expect(await text(child.stderr)).toBe('');
  });
});

it('every command of package.json’s `bin` is there and may be run', async () => {
  const { bin } = JSON.parse(await readFile(join(MAIN, '../../package.json'), 'utf8'));
  expect(bin).toEqual({ fairlead: 'bin/fairlead.js' });
  expect(await readFile(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
