import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskFull } from '../../../adapters/helm/disk-full.ts';
import { type HelmCommand, HelmNotStarted, runHelm } from '../../../adapters/helm/run-helm.ts';

/** A script in helm's place: it sees what helm would see. */
let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'run-helm-'));
});
afterEach(async () => await rm(temporary, { recursive: true }));

async function run(script: string, given: Partial<HelmCommand> = {}) {
  const helm = join(temporary, 'script');
  await writeFile(helm, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  const now = () => new Date();
  const hardEnd = new Date(Date.now() + 600_000);
  return runHelm({ helm, temporary, files: {}, args: () => [], hardEnd: () => hardEnd, now, ...given });
}

test('gives its answer and its end', async () => {
  expect(await run('echo out; echo err >&2; exit 3')).toEqual({
    code: 3,
    cutOff: false,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test('files are there, for us alone, and gone afterwards', async () => {
  const files = { 'values.yaml': '{"a":1}' };
  const end = await run('cat "$1"; stat -c %a "$1" "$(dirname "$1")"', {
    files,
    args: (path) => [path('values.yaml')],
  });
  expect(end.stdout).toBe('{"a":1}600\n700\n');
  expect(await readdir(temporary)).toEqual(['script']);
});

test('arguments are arguments, whatever they look like', async () => {
  const args = ['$(touch pwned)', '; exit 9', '`id`'];
  expect((await run('for a in "$@"; do echo "$a"; done', { args: () => args })).stdout).toBe(`${args.join('\n')}\n`);
});

test('nothing of our own environment is handed on', async () => {
  process.env['AWS_SECRET_ACCESS_KEY'] = 'very-secret';
  const { stdout } = await run('env');
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  expect(stdout).not.toContain('very-secret');
  expect(stdout).toContain(`KUBECONFIG=${temporary}/fairlead-helm-`);
});

test('it is asked to end a minute before the hard end, with everything it started', async () => {
  const hardEnd = new Date(Date.now() + 60_000 + 150);
  const end = await run('(sleep 30; echo late >> "$1") & trap "exit 4" TERM; wait', {
    hardEnd: () => hardEnd,
    args: () => [join(temporary, 'late')],
  });
  expect(end).toMatchObject({ code: 4, cutOff: true });
  await expect(readFile(join(temporary, 'late'))).rejects.toThrow();
});

test('it is ended twenty seconds before the hard end when it does not listen', async () => {
  const hardEnd = new Date(Date.now() + 20_000 + 150);
  expect(await run('trap "" TERM; while :; do sleep 0.05; done', { hardEnd: () => hardEnd })).toMatchObject({
    code: null,
    cutOff: true,
  });
});

test('what it says is bounded, and the end of it kept', async () => {
  const { stderr } = await run(
    'i=0; while [ $i -lt 3000 ]; do echo "line $i of a long story about nothing" >&2; i=$((i+1)); done',
  );
  expect(stderr.length).toBeLessThanOrEqual(64 * 1024);
  expect(stderr).toContain('line 2999 ');
});

test('no helm is said plainly', async () => {
  const hardEnd = new Date(Date.now() + 600_000);
  const command = {
    helm: '/nowhere/helm',
    temporary,
    files: {},
    args: () => [],
    hardEnd: () => hardEnd,
    now: () => new Date(),
  };
  await expect(runHelm(command)).rejects.toThrow(HelmNotStarted);
  expect(await readdir(temporary)).toEqual([]);
});

test('an end that moves on is followed', async () => {
  let hardEnd = new Date(Date.now() + 60_000 + 100);
  const end = run('sleep 1.5; exit 0', { hardEnd: () => hardEnd });
  hardEnd = new Date(Date.now() + 600_000);
  expect(await end).toMatchObject({ code: 0, cutOff: false });
});

test('an end that comes at once is noticed within a second', async () => {
  let hardEnd = new Date(Date.now() + 600_000);
  const end = run('while :; do sleep 0.05; done', { hardEnd: () => hardEnd });
  hardEnd = new Date(0);
  expect(await end).toMatchObject({ code: null, cutOff: true });
});

test('a disk without room is said so: helm does not run, and nothing stays behind', async () => {
  // Linux' own full disk: https://man7.org/linux/man-pages/man4/full.4.html
  const full = relative(join(temporary, 'folder'), '/dev/full');
  const running = run('echo ran >> "$0.ran"', { files: { 'chart.tgz': 'chart', [full]: 'values' } });
  await expect(running).rejects.toThrow(DiskFull);
  await expect(running).rejects.toThrow(`the deployer's disk (${temporary}) is full`);
  expect(await readdir(temporary)).toEqual(['script']);
});

test('another trouble with its files is a bug, and told as it is', async () => {
  const running = run('true', { files: { 'no/such/folder': '' } });
  await expect(running).rejects.toThrow(/ENOENT/);
  expect(await readdir(temporary)).toEqual(['script']);
});
